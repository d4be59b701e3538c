package dev.gatewright.store.backup;

import org.jspecify.annotations.Nullable;

/// What a restore did.
///
/// @param before where the content that stood there before is kept: a folder, or a schema of the
///   database; null when there was none
public record Restored(Manifest manifest, @Nullable String before) {}
