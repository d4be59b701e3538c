package dev.gatewright.policy;

import dev.gatewright.edge.Refusal;
import java.util.ArrayList;
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

  /// What reading came to.
  public sealed interface Read {
    record Good(Rule rule) implements Read {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Read {}
  }

  /// The rule these words say.
  ///
  /// @param pointer JSON pointer of the rule
  public Read read(String pointer) {
    Rule.Effect read = effect == null ? null : Rule.Effect.of(effect);
    if (read == null) {
      return new Read.Wrong(pointer + "/effect", shown(effect) + " (expected: allow or deny)");
    }
    Rule.Type kind = type == null ? null : Rule.Type.of(type);
    if (kind == null) {
      return new Read.Wrong(
          pointer + "/type", "%s (expected: %s)".formatted(shown(type), Rule.Type.WORDS));
    }
    String called = name == null ? "" : name.strip();
    String fault = RuleCheck.nameFaultOf(called);
    if (fault != null) {
      return new Read.Wrong(pointer + "/name", fault);
    }
    return read(pointer + "/values", read, kind, values == null ? List.of() : values, called);
  }

  /// The same where the place says effect and type.
  ///
  /// @param pointer JSON pointer of the values
  public static Read read(
      String pointer,
      Rule.Effect effect,
      Rule.Type type,
      List<@Nullable String> values,
      String name) {
    List<String> texts = new ArrayList<>();
    for (String value : values) {
      texts.add(value == null ? "" : value);
    }
    RuleCheck.Fault fault = RuleCheck.fault(type, texts);
    return fault == null
        ? new Read.Good(new Rule(effect, type, texts, name, ""))
        : new Read.Wrong(
            fault.index() < 0 ? pointer : pointer + "/" + fault.index(), fault.message());
  }

  private static String shown(@Nullable String word) {
    return Refusal.shown(String.valueOf(word));
  }
}
