package dev.gatewright.call.once;

import org.jspecify.annotations.Nullable;

/// What is remembered of a call with an idempotency key.
///
/// @param requestId `req_…`
/// @param instance in which process it runs
/// @param receipt JSON; null while it runs
record OnceRow(
    String bodyHash, String requestId, String instance, long atMillis, @Nullable String receipt) {}
