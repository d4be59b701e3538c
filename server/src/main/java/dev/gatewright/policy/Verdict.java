package dev.gatewright.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One owner's rules of one type, compiled: `M` is what their values became. Immutable.
///
/// @param allows allow rules; when there is one, nothing else passes
/// @param denies deny rules; one match is enough
record Verdict<M>(List<Compiled<M>> allows, List<Compiled<M>> denies) {
  record Compiled<M>(Rule rule, M matcher) {}

  interface Compiler<M> {
    M compile(List<String> values);
  }

  /// Null when there is no rule of this type, so that it costs nothing.
  static <M> @Nullable Verdict<M> of(List<Rule> rules, Rule.Type type, Compiler<M> compiler) {
    List<Compiled<M>> allows = new ArrayList<>();
    List<Compiled<M>> denies = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.type() == type) {
        Compiled<M> compiled = new Compiled<>(rule, compiler.compile(rule.values()));
        switch (rule.effect()) {
          case ALLOW -> allows.add(compiled);
          case DENY -> denies.add(compiled);
        }
      }
    }
    return allows.isEmpty() && denies.isEmpty()
        ? null
        : new Verdict<>(List.copyOf(allows), List.copyOf(denies));
  }

  /// The rule that is asked first; there is one.
  Rule first() {
    return (denies.isEmpty() ? allows : denies).getFirst().rule;
  }

  /// The rule that says no, or null.
  @Nullable Rule denying(Predicate<M> matches) {
    for (Compiled<M> deny : denies) {
      if (matches.test(deny.matcher)) {
        return deny.rule;
      }
    }
    for (Compiled<M> allow : allows) {
      if (matches.test(allow.matcher)) {
        return null;
      }
    }
    return allows.isEmpty() ? null : allows.getFirst().rule;
  }
}
