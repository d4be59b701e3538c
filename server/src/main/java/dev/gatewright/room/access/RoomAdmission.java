package dev.gatewright.room.access;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The way in for rooms: a gateway key if one is presented, in whatever carrier, else nobody's,
/// where that is open. Blocks while a key is read; thread-safe.
public final class RoomAdmission {
  private final Admission admission;
  private final AnonymousLimit limit;
  private final boolean anonymous;

  public RoomAdmission(Admission admission, AnonymousLimit limit, boolean anonymous) {
    this.admission = admission;
    this.limit = limit;
    this.anonymous = anonymous;
  }

  /// @param headers all values of a header by its lower-case name
  /// @throws RoomRefused 401, 403, 429
  public RoomCaller admit(
      Function<String, List<String>> headers, InetAddress client, String requestId) {
    return switch (admission.admit(headers, client)) {
      case Admitted.No no when no.nothingPresented() && anonymous -> nobody(client, requestId);
      case Admitted.No no -> throw refused(no.refusal());
      case Admitted.Yes yes -> keyed(yes.caller(), client, requestId);
    };
  }

  private RoomCaller nobody(InetAddress client, String requestId) {
    int wait = limit.take(client);
    if (wait > 0) {
      throw new RoomRefused(
          RoomProblem.of(
                  429,
                  "rate_limit_error",
                  "rate_limit_exceeded",
                  "Without a gateway key an address may make %d calls a minute."
                      .formatted(AnonymousLimit.CALLS_PER_MINUTE))
              .retryAfter(wait));
    }
    return new RoomCaller(RoomCaller.ANONYMOUS, null, client, requestId);
  }

  /// Why a key reaches no rooms at all; null when it may.
  static @Nullable Refusal wrongKind(Caller caller) {
    return caller.test()
        ? Refusal.denied("A test key reaches no rooms (expected: a live key).")
        : null;
  }

  private static RoomCaller keyed(Caller caller, InetAddress client, String requestId) {
    Refusal wrong = wrongKind(caller);
    if (wrong != null) {
      throw refused(wrong);
    }
    return new RoomCaller(caller.tenant(), caller, client, requestId);
  }

  /// May this caller use this provider?
  ///
  /// @throws RoomRefused 403 naming the rule
  public void allow(RoomCaller caller, String provider) {
    Refusal denied =
        caller.caller() == null ? null : admission.allowsRoom(caller.caller(), provider);
    if (denied != null) {
      throw refused(denied);
    }
  }

  private static RoomRefused refused(Refusal refusal) {
    return new RoomRefused(RoomProblem.of(refusal));
  }
}
