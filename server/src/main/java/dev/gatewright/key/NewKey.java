package dev.gatewright.key;

import dev.gatewright.account.Tenant;
import dev.gatewright.policy.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a key shall be, before it has an id. Times are epoch milliseconds UTC.
///
/// @param notBeforeMillis 0 = from the beginning
/// @param expiresMillis null = never
/// @param rules already checked for form
public record NewKey(
    Tenant tenant,
    ApiKey.Kind kind,
    String name,
    long notBeforeMillis,
    @Nullable Long expiresMillis,
    List<Rule> rules) {
  public static final int NAME_CHARACTERS_MAX = 100;

  public NewKey {
    rules = List.copyOf(rules);
    if (name.isBlank() || name.length() > NAME_CHARACTERS_MAX) {
      throw new IllegalArgumentException(
          "name: %d characters (expected: 1…%d)".formatted(name.length(), NAME_CHARACTERS_MAX));
    }
  }
}
