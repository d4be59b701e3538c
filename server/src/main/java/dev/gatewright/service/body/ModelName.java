package dev.gatewright.service.body;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonWalker;

/// What may stand for a model's name: it is written into rows, errors and log lines.
public final class ModelName {
  private ModelName() {}

  public static boolean acceptable(String name) {
    return name.length() <= JsonWalker.TEXT_BYTES_MAX
        && name.chars().allMatch(ModelName::printable);
  }

  public static Refusal refusal(String field) {
    return Refusal.invalid(
        "%s: expected a name of at most %d bytes, without control characters"
            .formatted(field, JsonWalker.TEXT_BYTES_MAX),
        field);
  }

  private static boolean printable(int c) {
    return c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && !Character.isSurrogate((char) c);
  }
}
