package dev.gatewright.portal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.gatewright.account.ApiRefused;
import dev.gatewright.edge.Refusal;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every way a portal request can fail, in one form:
/// `{error:{type,code,message,param,request_id}}`.
final class ApiErrors {
  private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

  private ApiErrors() {}

  static void mount(RoutesConfig routes) {
    routes.exception(ApiRefused.class, (refused, context) -> answer(context, refused.refusal()));
    routes.exception(
        HttpResponseException.class,
        (failure, context) -> answer(context, refusal(failure, context)));
    routes.exception(JacksonException.class, (bad, context) -> answer(context, refusal(bad)));
    routes.exception(
        Exception.class,
        (bug, context) -> {
          LOG.error("{} {} failed", context.method(), ApiGuard.requestId(context), bug);
          answer(context, internal());
        });
  }

  static Refusal internal() {
    return Refusal.of(
        500,
        "api_error",
        "internal_error",
        "Something failed here; the request id finds it in the log.");
  }

  /// Writes `refusal` as the whole answer.
  static void answer(Context context, Refusal refusal) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", refusal.type());
    error.put("code", refusal.code());
    error.put("message", refusal.message());
    error.put("param", refusal.param());
    error.put("request_id", ApiGuard.requestId(context));
    context.status(refusal.status());
    if (refusal.status() == 401) {
      context.header("www-authenticate", "Bearer");
    }
    if (refusal.retryAfterSeconds() > 0) {
      context.header("retry-after", Integer.toString(refusal.retryAfterSeconds()));
    }
    if (!refusal.retryable()) {
      context.header("x-should-retry", "false");
    }
    boolean room = context.path().startsWith("/v1/room") || context.path().startsWith("/api/rooms");
    // PailKit's clients read `detail`, whatever it was that said no.
    context.json(
        room ? Map.of("error", error, "detail", refusal.message()) : Map.of("error", error));
  }

  /// What Javalin itself answers: no route, wrong method, too long.
  private static Refusal refusal(HttpResponseException failure, Context context) {
    return switch (failure.getStatus()) {
      case 404 -> Refusal.notFound("There is nothing at " + context.path() + ".");
      case 405 ->
          Refusal.methodNotAllowed(
              "%s is not a method of %s.".formatted(context.method(), context.path()));
      case 413 ->
          Refusal.tooLarge(
              "body: too long (expected: at most %d bytes)".formatted(Portal.BODY_BYTES_MAX));
      default -> failure.getStatus() < 500 ? other(failure) : internal();
    };
  }

  private static Refusal other(HttpResponseException failure) {
    String message = failure.getMessage() == null ? "invalid request" : failure.getMessage();
    return Refusal.of(failure.getStatus(), "invalid_request_error", "invalid_request", message);
  }

  /// A body that is not JSON is 400; one that is, but does not fit, 422 with the place.
  private static Refusal refusal(JacksonException bad) {
    return switch (bad) {
      case JsonParseException _ -> Refusal.invalid("body: not JSON: " + firstLine(bad));
      case UnrecognizedPropertyException unknown ->
          wrong(
              unknown,
              "%s is not a known field (expected one of: %s)"
                  .formatted(unknown.getPropertyName(), known(unknown)));
      case ValueInstantiationException invalid when invalid.getCause() != null ->
          wrong(invalid, String.valueOf(invalid.getCause().getMessage()));
      case JsonMappingException misfit when misfit.getCause() instanceof JsonParseException cause ->
          Refusal.invalid("body: not JSON: " + firstLine(cause));
      case JsonMappingException misfit -> wrong(misfit, firstLine(misfit));
      default -> Refusal.invalid("body: not JSON: " + firstLine(bad));
    };
  }

  private static String known(UnrecognizedPropertyException unknown) {
    return unknown.getKnownPropertyIds() == null
        ? ""
        : String.join(
            ", ", unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList());
  }

  private static Refusal wrong(JsonMappingException misfit, String message) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : misfit.getPath()) {
      pointer
          .append('/')
          .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
    }
    return ApiRefused.wrong(pointer.toString(), message).refusal();
  }

  private static String firstLine(JacksonException bad) {
    return bad.getOriginalMessage().lines().findFirst().orElse("");
  }
}
