package dev.gatewright.identity.pairing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A command line that waits for somebody to approve it. Times are epoch milliseconds UTC.
///
/// @param id `pair_…`
/// @param host what the machine calls itself, as it may be shown
/// @param address from where it asked
/// @param site the console where it is to be approved, by its address
/// @param personId who approved it; null = nobody yet
/// @param sessionId by which session
/// @param organizationId for which organization
/// @param polledMillis when it last asked; when it was made, before it did
/// @param intervalSeconds how long it is to wait between two questions
record Pairing(
    String id,
    String host,
    String address,
    String site,
    State state,
    @Nullable String personId,
    @Nullable String sessionId,
    @Nullable String organizationId,
    long polledMillis,
    long intervalSeconds,
    long createdMillis,
    long expiresMillis) {
  static final Duration LIFE = Duration.ofMinutes(10);
  static final Duration KEY_LIFE = Duration.ofDays(90);
  static final int HOST_CHARACTERS_MAX = 64;

  enum State {
    OPEN,
    APPROVED,
    DENIED,
    DONE
  }

  /// What the key is called.
  String keyName() {
    return "command line on " + host;
  }
}
