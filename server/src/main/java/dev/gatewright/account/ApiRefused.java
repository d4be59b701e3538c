package dev.gatewright.account;

import dev.gatewright.edge.Refusal;

/// How a REST resource says no: the portal turns it into
/// `{error:{type,code,message,param,request_id}}`. Thrown by `*Api` classes only, as the last word
/// on a request; the features below them answer with values.
public final class ApiRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public ApiRefused(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  /// 404: no such thing, or none this caller may see; the two look alike.
  public static ApiRefused notFound(String message) {
    return new ApiRefused(Refusal.notFound(message));
  }

  /// 422: readable but wrong.
  ///
  /// @param pointer JSON pointer of the field, such as `/expires_in`
  public static ApiRefused wrong(String pointer, String message) {
    return new ApiRefused(
        new Refusal(422, "invalid_request_error", "invalid_value", message, pointer, 0, true));
  }

  /// 409: it clashes with what is there.
  public static ApiRefused conflict(String message) {
    return new ApiRefused(Refusal.of(409, "invalid_request_error", "conflict", message));
  }

  public Refusal refusal() {
    return refusal;
  }
}
