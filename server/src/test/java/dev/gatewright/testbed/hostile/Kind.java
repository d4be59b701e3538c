package dev.gatewright.testbed.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// A kind of hostile body. Each is made as long as the operation takes, and now and then longer.
enum Kind {
  /// Announced at the largest size, half of it sent, then nothing.
  UNFINISHED,
  /// A few bytes at a time, for as long as one lets it.
  TRICKLED,
  NAMES,
  NON_LATIN_NAMES,
  DEPTH,
  EMPTY_MEMBERS,
  NUMBERS,
  WRONG_TYPES,
  LONG_TEXT;

  private static final int NAMES_MAX = 100_000;
  private static final int MEMBERS_MAX = 5_000_000;
  private static final int TEXT_MAX = 1 << 20;
  private static final int DEPTH_MAX = 200_000;

  /// The limit of a body with room for what is around it.
  private static final int AROUND = 160;

  /// Whether it is the pace and not the content that is hostile.
  boolean slow() {
    return this == UNFINISHED || this == TRICKLED;
  }

  /// @param field where a hostile value goes
  /// @param room bytes it may have
  byte[] body(Operation operation, Operation.Field field, int room, Random random) {
    int bytes = Math.max(0, room - AROUND);
    String text =
        switch (this) {
          case UNFINISHED, TRICKLED -> envelope(operation, "\"x\":\"", "y".repeat(bytes), "\"");
          case NAMES -> names(operation, bytes, "n");
          case NON_LATIN_NAMES -> names(operation, bytes, "\u0436");
          case DEPTH -> depth(operation, bytes, random);
          case EMPTY_MEMBERS ->
              envelope(operation, "\"x\":[{}", ",{}".repeat(Math.min(MEMBERS_MAX, bytes / 3)), "]");
          case NUMBERS -> number(operation, field, bytes, random);
          case WRONG_TYPES -> at(operation, field, wrong(field.type(), random));
          case LONG_TEXT -> at(operation, field, '"' + "y".repeat(Math.min(TEXT_MAX, bytes)) + '"');
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String envelope(Operation operation, String... inner) {
    String model =
        operation.model().isEmpty() ? "" : "\"model\":\"%s\",".formatted(operation.model());
    return "{" + model + String.join("", inner) + "}";
  }

  private static String names(Operation operation, int bytes, String letter) {
    StringBuilder names = new StringBuilder("\"" + letter + "\":0");
    int width = letter.getBytes(StandardCharsets.UTF_8).length - letter.length() + 10;
    for (int i = 0; i < NAMES_MAX && names.length() + width * 2 < bytes; i++) {
      names.append(",\"").append(letter).append(Integer.toString(i, 36)).append("\":0");
    }
    return envelope(operation, names.toString());
  }

  private static String depth(Operation operation, int bytes, Random random) {
    if (random.nextBoolean()) {
      int levels = Math.min(DEPTH_MAX, bytes / 2);
      return envelope(operation, "\"x\":", "[".repeat(levels), "]".repeat(levels));
    }
    int levels = Math.min(DEPTH_MAX, bytes / 6);
    return envelope(operation, "\"x\":", "{\"a\":".repeat(levels), "0", "}".repeat(levels));
  }

  private static String number(
      Operation operation, Operation.Field field, int bytes, Random random) {
    String number =
        switch (random.nextInt(4)) {
          case 0 -> "9".repeat(Math.clamp(bytes, 1, TEXT_MAX));
          case 1 -> "1e9999";
          case 2 -> "-1e-9999";
          default -> "1e" + "9".repeat(Math.clamp(bytes, 1, 100_000));
        };
    return at(operation, field, number);
  }

  private static String wrong(String type, Random random) {
    String[] values = {"null", "true", "-1", "0.5", "\"\"", "\"\\ud800\"", "[]", "[[]]", "{}"};
    String value = values[random.nextInt(values.length)];
    return type.equals("string") && value.equals("\"\"") ? "{\"\":null}" : value;
  }

  /// A document with one value at a field.
  private static String at(Operation operation, Operation.Field field, String value) {
    String[] steps = field.pointer().substring(1).split("/");
    StringBuilder open = new StringBuilder();
    StringBuilder close = new StringBuilder();
    for (int i = 0; i < steps.length; i++) {
      boolean index = steps[i].equals("0");
      if (i > 0) {
        open.append(index ? "[" : "{");
        close.insert(0, index ? "]" : "}");
      }
      if (!index) {
        open.append('"').append(steps[i]).append("\":");
      }
    }
    boolean model = field.pointer().equals("/model");
    return model
        ? "{" + open + value + close + "}"
        : envelope(operation, open.toString(), value, close.toString());
  }
}
