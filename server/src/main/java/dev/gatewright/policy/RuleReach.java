package dev.gatewright.policy;

import java.util.Set;

/// Whose rules a reader may see. Immutable.
///
/// @param all everybody's in the organization; else its own, those of `projects` and of `personId`
/// @param personId `per_…`; empty = nobody
public record RuleReach(boolean all, Set<String> projects, String personId) {
  public static final RuleReach ALL = new RuleReach(true, Set.of(), "");

  public RuleReach {
    projects = Set.copyOf(projects);
  }

  public boolean sees(RuleOwner owner) {
    return all
        || switch (owner.layer()) {
          case ORGANIZATION -> true;
          case PROJECT -> projects.contains(owner.subjectId());
          case MEMBER -> personId.equals(owner.subjectId());
          case KEY -> false;
        };
  }
}
