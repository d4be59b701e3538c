package dev.gatewright.rule;

import dev.gatewright.edge.Refusal;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.policy.RuleText;
import dev.gatewright.rest.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule somebody wants: the body of `POST /api/policy/rules`.
///
/// @param on whose rule it shall be: `organization`, `project`, `member` or `key`
/// @param id the subject: `org_…`, `prj_…`, `per_…` or `key_…`; null = the caller's organization
public record RuleRequest(
    @Nullable String on,
    @Nullable String id,
    @Nullable String effect,
    @Nullable String type,
    @Nullable List<@Nullable String> values,
    @Nullable String name) {

  /// A rule that can be written, but for its owner, who may not be there.
  public record Checked(RuleOwner owner, Rule rule) {}

  /// @param pointer JSON pointer of this rule; empty = the body itself
  /// @throws Problem 422 naming the field
  public Checked checked(String organizationId, String pointer) {
    RuleOwner owner = owner(organizationId, pointer);
    return switch (new RuleText(effect, type, values, name).read(pointer)) {
      case RuleText.Read.Good(Rule rule) -> new Checked(owner, rule);
      case RuleText.Read.Wrong(String place, String message) -> throw Problem.wrong(place, message);
    };
  }

  private RuleOwner owner(String organizationId, String pointer) {
    Layer layer = Layer.of(on);
    if (layer == null) {
      throw Problem.wrong(
          pointer + "/on",
          "%s (expected: organization, project, member or key)"
              .formatted(Refusal.shown(String.valueOf(on))));
    }
    if (id == null && layer == Layer.ORGANIZATION) {
      return new RuleOwner(organizationId, layer, organizationId);
    }
    if (id == null || !id.startsWith(prefix(layer))) {
      throw Problem.wrong(
          pointer + "/id",
          "%s (expected: %s…)".formatted(Refusal.shown(String.valueOf(id)), prefix(layer)));
    }
    return new RuleOwner(organizationId, layer, id);
  }

  private static String prefix(Layer layer) {
    return switch (layer) {
      case ORGANIZATION -> "org_";
      case PROJECT -> "prj_";
      case MEMBER -> "per_";
      case KEY -> "key_";
    };
  }
}
