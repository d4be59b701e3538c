package dev.gatewright.store;

/// How much of a lane is in use, as of now.
///
/// @param busy connections, or SQLite's reading threads, at work
/// @param most it has
/// @param waiting works that wait for one
public record LaneUse(int busy, int most, int waiting) {}
