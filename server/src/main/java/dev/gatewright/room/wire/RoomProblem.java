package dev.gatewright.room.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatewright.edge.Refusal;
import org.jspecify.annotations.Nullable;

/// An answer that says no, with what rooms add to it (DESIGN §4). The words never hold a secret.
///
/// @param refusal `param` is the field at fault: a JSON pointer, or a header's name
/// @param provider the provider's id, once one is chosen
/// @param providerStatus HTTP status of the provider's answer, if it answered
/// @param providerCode the provider's own name for the error, if it is a plain word
/// @param detail PailKit's array of faults, where it had one; null = the message alone
public record RoomProblem(
    Refusal refusal,
    @Nullable String provider,
    @Nullable Integer providerStatus,
    @Nullable String providerCode,
    @Nullable ArrayNode detail) {

  public static RoomProblem of(int status, String type, String code, String message) {
    // Neither a credential nor a right comes by asking again.
    boolean retryable = status != 401 && status != 403;
    return of(new Refusal(status, type, code, message, null, 0, retryable));
  }

  public static RoomProblem of(Refusal refusal) {
    return new RoomProblem(refusal, null, null, null, null);
  }

  /// Readable but wrong.
  public static RoomProblem wrong(int status, String param, String message) {
    return of(status, "invalid_request_error", "invalid_value", message).at(param);
  }

  public static RoomProblem notFound(String provider, String name) {
    return of(
            404,
            "invalid_request_error",
            "not_found",
            "%s has no room %s for this credential.".formatted(provider, name))
        .from(provider);
  }

  public static RoomProblem conflict(String provider, String name) {
    return of(
            409,
            "invalid_request_error",
            "room_exists",
            "%s: this name is taken at %s (expected: a name no room has)".formatted(name, provider))
        .at("/name")
        .from(provider);
  }

  public int status() {
    return refusal.status();
  }

  public String code() {
    return refusal.code();
  }

  public RoomProblem at(@Nullable String param) {
    return with(param, refusal.retryAfterSeconds());
  }

  public RoomProblem retryAfter(int seconds) {
    return with(refusal.param(), seconds);
  }

  private RoomProblem with(@Nullable String param, int retryAfterSeconds) {
    Refusal changed =
        new Refusal(
            refusal.status(),
            refusal.type(),
            refusal.code(),
            refusal.message(),
            param,
            retryAfterSeconds,
            refusal.retryable(),
            refusal.help());
    return new RoomProblem(changed, provider, providerStatus, providerCode, detail);
  }

  public RoomProblem from(String newProvider) {
    return new RoomProblem(refusal, newProvider, providerStatus, providerCode, detail);
  }

  public RoomProblem answered(@Nullable Integer newStatus, @Nullable String newCode) {
    return new RoomProblem(refusal, provider, newStatus, newCode, detail);
  }

  public RoomProblem detailed(ArrayNode newDetail) {
    return new RoomProblem(refusal, provider, providerStatus, providerCode, newDetail);
  }
}
