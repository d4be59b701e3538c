package dev.gatewright.key.migration.file;

/// A row that could not be taken.
///
/// @param line where it stands in the file, from 1
/// @param prefix of the key, as [ImportRow#prefix] gives it
/// @param reason names what was expected; never the key
public record RefusedRow(int line, String prefix, String reason) {}
