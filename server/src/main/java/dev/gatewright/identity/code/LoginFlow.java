package dev.gatewright.identity.code;

import java.time.Duration;

/// A request for a code: one browser's, for one address. Times are epoch milliseconds UTC.
///
/// @param id `flow_…`; what the code is derived from
/// @param email where its mail goes
/// @param site host where it was asked for
/// @param address the browser's
/// @param agent the browser, as it calls itself
record LoginFlow(
    String id, String email, String site, String address, String agent, long expiresMillis) {
  static final Duration LIFE = Duration.ofMinutes(10);

  /// Codes that are compared for one request.
  static final int TRIES_MAX = 5;
}
