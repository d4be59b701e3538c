package dev.gatewright.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.edge.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a REST resource says no, as the last word on a request: thrown wherever that is known, and
/// written in one place, in the [ProblemForm] of the resource. Carries no stack: it is not a bug.
/// The words never hold a secret; what is too long in them is cut.
public class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public Problem(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  /// 400: not readable, or not ours.
  ///
  /// @param param a query parameter's or header's name
  public static Problem invalid(String param, String message) {
    return new Problem(Refusal.invalid(message, param));
  }

  /// 404: no such thing, or none this caller may see; the two look alike.
  public static Problem notFound(String message) {
    return new Problem(Refusal.notFound(message));
  }

  /// 404: no such thing, or none this caller may see; for all kinds of things the same words.
  ///
  /// @param noun such as `key`
  public static Problem absent(String noun) {
    return notFound("There is no such %s.".formatted(noun));
  }

  /// 403.
  public static Problem denied(String message) {
    return new Problem(Refusal.denied(message));
  }

  /// 403: the caller's role has not this permission.
  ///
  /// @param why a half sentence
  public static Problem lacking(Permission permission, String why) {
    return new Problem(
        Refusal.of(
                403,
                "permission_error",
                "permission_denied",
                "This needs the permission %s; %s.".formatted(permission.word(), why))
            .helped(
                "Owners and admins of the organization give roles; which has what stands in docs/reference/permissions.md."));
  }

  /// 403: a dangerous act, and the proof that it is you is too old.
  public static Problem stepUp() {
    return new Problem(
        Refusal.of(
                403,
                "permission_error",
                "step_up_required",
                "This needs a fresh proof that it is you: POST /api/auth/step-up.")
            .helped("Prove it with a code sent to your address, then send the same again."));
  }

  /// 422: readable but wrong.
  ///
  /// @param param JSON pointer of the field, such as `/expires_in`, or a query parameter's name
  /// @param message names the value and what was expected
  public static Problem wrong(String param, String message) {
    return new Problem(
        new Refusal(
            422, "invalid_request_error", "invalid_value", Refusal.brief(message), param, 0, true));
  }

  /// 409: it clashes with what is there.
  public static Problem conflict(String message) {
    return new Problem(Refusal.of(409, "invalid_request_error", "conflict", message));
  }

  /// 412: what the caller last saw is not what is there.
  public static Problem changedSince() {
    return new Problem(
        new Refusal(
            412,
            "invalid_request_error",
            "precondition_failed",
            "if-match: it has changed since (expected: the etag of what is there now)",
            "if-match",
            0,
            true));
  }

  public Refusal refusal() {
    return refusal;
  }

  /// Values of the names its [ProblemForm] adds to `error`.
  public Map<String, Object> more() {
    return Map.of();
  }

  /// What stands under `detail` in place of the message; null = the message.
  public @Nullable JsonNode detail() {
    return null;
  }
}
