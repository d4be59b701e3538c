package dev.gatewright.testbed;

import org.jspecify.annotations.Nullable;

/// What one caller saw of one call.
///
/// @param call its own name of it
/// @param requestId as the gate named it; null when not a byte came
/// @param status 0 when not a byte came
/// @param complete the answer came to its proper end
record Observation(String call, @Nullable String requestId, int status, boolean complete) {}
