package dev.gatewright.room.provider;

import dev.gatewright.relay.Origin;
import dev.gatewright.telemetry.trace.Conventions;
import dev.gatewright.telemetry.trace.Span;
import dev.gatewright.telemetry.trace.Trace;
import org.jspecify.annotations.Nullable;

/// One call of a room provider's API. Its path is left out: rooms' names stand in it.
///
/// @param status 0 = no whole answer came
/// @param error why there is none; null = there is one
record RoomSpan(
    Trace trace,
    long id,
    String provider,
    Origin origin,
    String method,
    int status,
    @Nullable String error,
    long startNanos,
    long endNanos)
    implements Span {
  @Override
  public long parent() {
    return trace.place().span();
  }

  @Override
  public boolean inward() {
    return false;
  }

  @Override
  public String name() {
    return method + " " + provider;
  }

  @Override
  public boolean failed() {
    return error != null || status >= 400;
  }

  @Override
  public void describe(Words words) {
    words.text(Conventions.ROOM_PROVIDER, provider);
    words.text(Conventions.HTTP_METHOD, method);
    words.text(Conventions.SERVER_ADDRESS, origin.host());
    words.number(Conventions.SERVER_PORT, origin.port());
    if (status > 0) {
      words.number(Conventions.HTTP_STATUS, status);
    }
    if (failed()) {
      words.text(Conventions.ERROR_TYPE, error == null ? Integer.toString(status) : error);
    }
  }
}
