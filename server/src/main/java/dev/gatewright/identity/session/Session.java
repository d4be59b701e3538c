package dev.gatewright.identity.session;

import dev.gatewright.account.SignedIn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A session as its row says. Times are epoch milliseconds UTC. Immutable.
///
/// @param id `ses_…`
/// @param active the person may be signed in
/// @param mac of the token that is good
/// @param previous of the token before it; null = there was none
/// @param standing what the person was when the token was made; see [SessionStore#standing]
/// @param nowStanding what the person is
/// @param address where it was last begun or proved
/// @param agent the browser, as it calls itself
/// @param parentId an operator's own session; null = this one is somebody's own
/// @param untilMillis when it ends at the latest, whatever else; null = as all do
record Session(
    String id,
    String personId,
    String email,
    boolean operator,
    boolean active,
    String mac,
    @Nullable Previous previous,
    long standing,
    long nowStanding,
    long createdMillis,
    long seenMillis,
    long provedMillis,
    long rotatedMillis,
    String address,
    String agent,
    @Nullable String parentId,
    SignedIn.@Nullable Acting acting,
    @Nullable Long untilMillis) {
  /// The feed's word for what concerns sessions.
  static final String CHANGE_KIND = "session";

  static final Duration IDLE_MAX = Duration.ofDays(7);
  static final Duration LIFE_MAX = Duration.ofDays(30);
  static final Duration OPERATOR_IDLE_MAX = Duration.ofHours(1);
  static final Duration OPERATOR_LIFE_MAX = Duration.ofHours(12);
  static final Duration TOKEN_LIFE_MAX = Duration.ofDays(1);

  /// How long the token before is good, for tabs that sent it before they heard of the new one.
  static final Duration OVERLAP = Duration.ofSeconds(30);

  /// @param untilMillis when it stops being good
  record Previous(String mac, long untilMillis) {}

  /// When it ends by itself, if nobody uses it from now on.
  long endsMillis() {
    long idle = (operator ? OPERATOR_IDLE_MAX : IDLE_MAX).toMillis();
    long life = (operator ? OPERATOR_LIFE_MAX : LIFE_MAX).toMillis();
    long ends = Math.min(seenMillis + idle, createdMillis + life);
    if (untilMillis != null) {
      ends = Math.min(ends, untilMillis);
    }
    return acting == null ? ends : Math.min(ends, acting.untilMillis());
  }

  /// Whether it still stands for its person.
  boolean good(long nowMillis) {
    return active && nowMillis < endsMillis() && (parentId == null || operator);
  }

  /// The same, used just now.
  Session seen(long nowMillis) {
    return new Session(
        id,
        personId,
        email,
        operator,
        active,
        mac,
        previous,
        standing,
        nowStanding,
        createdMillis,
        nowMillis,
        provedMillis,
        rotatedMillis,
        address,
        agent,
        parentId,
        acting,
        untilMillis);
  }

  /// Whether the browser should get another token.
  boolean renewalDue(long nowMillis) {
    return nowMillis - rotatedMillis >= TOKEN_LIFE_MAX.toMillis() || standing != nowStanding;
  }

  /// @param byPrevious it came with the token before: what was proved since does not count for it
  SignedIn signedIn(boolean byPrevious) {
    return new SignedIn(personId, email, id, operator, byPrevious ? 0 : provedMillis, acting);
  }
}
