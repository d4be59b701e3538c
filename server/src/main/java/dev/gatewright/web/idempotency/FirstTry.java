package dev.gatewright.web.idempotency;

import org.jspecify.annotations.Nullable;

/// What is remembered of the first request with an idempotency key.
///
/// @param bodyHash of what it asked for
/// @param requestId `req_…`; the audit entry of what it made names it
/// @param status of its answer; 0 = not known (it runs, or its process ended under it)
/// @param answer JSON without secrets; null while the answer is not known, or where it had none
record FirstTry(
    String bodyHash, String requestId, long atMillis, int status, @Nullable String answer) {}
