package dev.gatewright.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.gatewright.edge.Refusal;
import dev.gatewright.secret.KeysUnavailable;
import dev.gatewright.store.StoreFailed;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// What each kind of failure is to a caller: the one table.
public final class Faults {
  private static final int STORE_RETRY_SECONDS = 5;

  private Faults() {}

  /// The answer to `thrown`; null for what nobody foresaw, a bug.
  public static @Nullable Problem known(Throwable thrown) {
    return switch (thrown) {
      case Problem problem -> problem;
      case StoreFailed _ ->
          new Problem(
              Refusal.overloaded(
                  "The store does not answer now, or not in time.", STORE_RETRY_SECONDS));
      case KeysUnavailable _ ->
          new Problem(
              Refusal.overloaded("A key that this needs cannot be had now.", STORE_RETRY_SECONDS));
      default -> null;
    };
  }

  /// The answer to a bug; says nothing of it.
  public static Problem unknown() {
    return new Problem(
        Refusal.of(
            500,
            "api_error",
            "internal_error",
            "Something failed here; the request id finds it in the log."));
  }

  /// A document that is JSON but does not fit: 422 with the place.
  static Problem misfit(JsonMappingException misfit) {
    String pointer = pointer(misfit);
    return switch (misfit) {
      case UnrecognizedPropertyException unknown ->
          Problem.wrong(
              pointer,
              "%s is not a known field (expected: one of %s)"
                  .formatted(Refusal.shown(unknown.getPropertyName()), known(unknown)));
      case ValueInstantiationException invalid when invalid.getCause() != null ->
          Problem.wrong(pointer, String.valueOf(invalid.getCause().getMessage()));
      case MismatchedInputException mismatch ->
          Problem.wrong(
              pointer, "wrong type (expected: %s)".formatted(word(mismatch.getTargetType())));
      default -> Problem.wrong(pointer, firstLine(misfit));
    };
  }

  private static String word(@Nullable Class<?> type) {
    return switch (type) {
      case null -> "another";
      case Class<?> _ when type == String.class -> "a text";
      case Class<?> _ when type == Boolean.class || type == boolean.class -> "true or false";
      case Class<?> _ when type == Integer.class || type == int.class -> "a whole number";
      case Class<?> _ when type == Long.class || type == long.class -> "a whole number";
      case Class<?> _ when Number.class.isAssignableFrom(type) || type.isPrimitive() -> "a number";
      case Class<?> _ when Collection.class.isAssignableFrom(type) -> "an array";
      default -> "an object";
    };
  }

  private static String pointer(JsonMappingException misfit) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : misfit.getPath()) {
      String name = step.getFieldName();
      pointer
          .append('/')
          .append(name == null ? step.getIndex() : name.replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  private static String known(UnrecognizedPropertyException unknown) {
    return unknown.getKnownPropertyIds() == null
        ? ""
        : String.join(
            ", ", unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList());
  }

  static String firstLine(JacksonException bad) {
    return bad.getOriginalMessage().lines().findFirst().orElse("");
  }
}
