package dev.gatewright.service.body;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonWalker;
import dev.gatewright.service.config.BodyBounds;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Holds the fields of a body against a service's [BodyBounds]. A refusal names the field, its
/// value and the bound. Immutable.
///
/// @param service its id, for the scope that would be needed
record FieldBounds(String service, BodyBounds bounds) {
  private static final double STRETCH_MAX = 4;
  private static final int SHOWN_CHARS_MAX = 64;

  /// Why the value the walker stands at may not pass; null = it may.
  @Nullable Refusal refusal(BodyField field, JsonWalker at) {
    if (at.kind() == JsonKind.NULL) {
      return null;
    }
    return switch (field.rule()) {
      case MODEL, STREAM, PROMPT, SPOKEN -> null;
      case KEEP_ALIVE -> keepAlive(field, at);
      case CONTEXT -> number(field, at, (double) bounds.contextTokens());
      case OUTPUT -> number(field, at, (double) bounds.outputTokens());
      case CHOICES -> number(field, at, (double) bounds.choices());
      case SIDE -> number(field, at, (double) bounds.imageSide());
      case STEPS -> number(field, at, (double) bounds.imageSteps());
      case IMAGES -> number(field, at, (double) bounds.images());
      case STRETCH -> number(field, at, STRETCH_MAX);
      case EMPTY -> scalarEmpty(at) ? null : notEmpty(field, shown(at));
      case NO_ADDRESS -> address(field, at);
    };
  }

  /// Seconds as a number, or text such as `10m`, as Ollama takes them.
  private @Nullable Refusal keepAlive(BodyField field, JsonWalker at) {
    boolean scalar = at.kind() == JsonKind.NUMBER || at.kind() == JsonKind.STRING;
    String text = scalar ? at.text() : null;
    OptionalDouble seconds = OptionalDouble.empty();
    if (text != null && at.kind() == JsonKind.NUMBER) {
      seconds = OptionalDouble.of(Double.parseDouble(text));
    } else if (text != null && at.kind() == JsonKind.STRING) {
      seconds = text.isEmpty() ? OptionalDouble.of(0) : GoDuration.seconds(text);
    }
    boolean good =
        seconds.isPresent()
            && seconds.getAsDouble() >= 0
            && seconds.getAsDouble() <= bounds.keepAlive().toMillis() / 1_000.0;
    return good ? null : beyond(field, shown(at), "0s to " + GoDuration.text(bounds.keepAlive()));
  }

  private @Nullable Refusal number(BodyField field, JsonWalker at, double max) {
    String text = at.kind() == JsonKind.NUMBER ? at.text() : null;
    if (text != null) {
      double value = Double.parseDouble(text);
      if (value >= 0 && value <= max) {
        return null;
      }
    }
    return beyond(field, shown(at), "0 to %.0f".formatted(max));
  }

  private static boolean scalarEmpty(JsonWalker at) {
    return switch (at.kind()) {
      case NULL, FALSE -> true;
      case STRING -> at.textBytes() == 0;
      // Told apart when they close.
      case OBJECT, ARRAY -> true;
      case TRUE, NUMBER -> false;
    };
  }

  private @Nullable Refusal address(BodyField field, JsonWalker at) {
    if (at.kind() != JsonKind.STRING) {
      return null;
    }
    String begin = at.textStart().strip().toLowerCase(Locale.ROOT);
    boolean data = !begin.contains(":") || begin.startsWith("data:");
    return data ? null : beyond(field, "an address", "base64 or a data: URL");
  }

  Refusal notEmpty(BodyField field, String value) {
    return beyond(field, value, "nothing");
  }

  private Refusal beyond(BodyField field, String value, String expected) {
    return Refusal.invalid(
        "%s: %s (expected: %s; a key with the scope %s:manage is not bound)"
            .formatted(field.path(), value, expected, service),
        field.path());
  }

  private static String shown(JsonWalker at) {
    String text =
        switch (at.kind()) {
          case NUMBER, STRING -> at.text();
          case TRUE, FALSE, NULL -> at.kind().name().toLowerCase(Locale.ROOT);
          case OBJECT -> "an object";
          case ARRAY -> "an array";
        };
    if (text == null || text.length() > SHOWN_CHARS_MAX) {
      return "a long value";
    }
    return text.chars().allMatch(c -> c >= ' ' && c != 0x7f) ? text : "an unreadable value";
  }
}
