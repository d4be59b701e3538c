package dev.gatewright.identity.session;

import dev.gatewright.secret.Secret;

/// A token that was just made, and exists here and in the browser only.
///
/// @param sessionId `ses_…`
/// @param endsMillis when the session ends at the latest
public record Opened(String sessionId, Secret token, long endsMillis) {}
