package dev.gatewright.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule in words, as JSON has it; nothing is checked yet.
public record RuleText(
    @Nullable String effect,
    @Nullable String type,
    @Nullable List<@Nullable String> values,
    @Nullable String name) {
  /// A rule without a name.
  public RuleText(
      @Nullable String effect, @Nullable String type, @Nullable List<@Nullable String> values) {
    this(effect, type, values, null);
  }
}
