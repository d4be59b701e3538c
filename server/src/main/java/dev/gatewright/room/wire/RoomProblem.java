package dev.gatewright.room.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// An answer that says no, in the form both surfaces of rooms share (DESIGN §4). The words never
/// hold a secret.
///
/// @param param the field at fault: a JSON pointer, or a header's name
/// @param retryAfterSeconds for `Retry-After`; 0 = none
/// @param provider the provider's id, once one is chosen
/// @param providerStatus HTTP status of the provider's answer, if it answered
/// @param providerCode the provider's own name for the error, if it is a plain word
/// @param detail PailKit's array of faults, where it had one; null = the message alone
public record RoomProblem(
    int status,
    String type,
    String code,
    String message,
    @Nullable String param,
    int retryAfterSeconds,
    @Nullable String provider,
    @Nullable Integer providerStatus,
    @Nullable String providerCode,
    @Nullable ArrayNode detail) {

  public static RoomProblem of(int status, String type, String code, String message) {
    return new RoomProblem(status, type, code, message, null, 0, null, null, null, null);
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

  public RoomProblem at(@Nullable String newParam) {
    return new RoomProblem(
        status,
        type,
        code,
        message,
        newParam,
        retryAfterSeconds,
        provider,
        providerStatus,
        providerCode,
        detail);
  }

  public RoomProblem from(String newProvider) {
    return new RoomProblem(
        status,
        type,
        code,
        message,
        param,
        retryAfterSeconds,
        newProvider,
        providerStatus,
        providerCode,
        detail);
  }

  public RoomProblem answered(@Nullable Integer newStatus, @Nullable String newCode) {
    return new RoomProblem(
        status,
        type,
        code,
        message,
        param,
        retryAfterSeconds,
        provider,
        newStatus,
        newCode,
        detail);
  }

  public RoomProblem retryAfter(int seconds) {
    return new RoomProblem(
        status,
        type,
        code,
        message,
        param,
        seconds,
        provider,
        providerStatus,
        providerCode,
        detail);
  }

  public RoomProblem detailed(ArrayNode newDetail) {
    return new RoomProblem(
        status,
        type,
        code,
        message,
        param,
        retryAfterSeconds,
        provider,
        providerStatus,
        providerCode,
        newDetail);
  }

  /// The body of the answer.
  public ObjectNode toJson(String requestId) {
    ObjectNode root = RoomJson.object();
    ObjectNode error = root.putObject("error");
    error
        .put("type", type)
        .put("code", code)
        .put("message", message)
        .put("param", param)
        .put("request_id", requestId)
        .put("provider", provider)
        .put("provider_status", providerStatus)
        .put("provider_code", providerCode);
    if (detail == null) {
      root.put("detail", message);
    } else {
      root.set("detail", detail);
    }
    return root;
  }
}
