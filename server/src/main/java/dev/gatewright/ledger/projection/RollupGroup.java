package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Opening;
import java.util.Comparator;

/// What sums are kept apart by.
///
/// @param startMillis when the step began in which the attempts did
/// @param tags each between two line ends; empty = none
record RollupGroup(
    String organizationId,
    boolean test,
    RollupStep step,
    long startMillis,
    String projectId,
    String keyId,
    String model,
    String target,
    String provider,
    String memberId,
    String service,
    String site,
    String tags)
    implements Comparable<RollupGroup> {
  /// Two replicas that write the same sums take the rows in one order, so neither waits for the
  /// other's second while it holds the first.
  private static final Comparator<RollupGroup> ORDER =
      Comparator.comparing(RollupGroup::organizationId)
          .thenComparing(RollupGroup::test)
          .thenComparing(RollupGroup::step)
          .thenComparingLong(RollupGroup::startMillis)
          .thenComparing(RollupGroup::projectId)
          .thenComparing(RollupGroup::keyId)
          .thenComparing(RollupGroup::model)
          .thenComparing(RollupGroup::target)
          .thenComparing(RollupGroup::provider)
          .thenComparing(RollupGroup::memberId)
          .thenComparing(RollupGroup::service)
          .thenComparing(RollupGroup::site)
          .thenComparing(RollupGroup::tags);

  /// The group of an attempt's quarter of an hour.
  static RollupGroup of(Opening opening) {
    Facets facets = opening.facets();
    return new RollupGroup(
        opening.tenant().organizationId(),
        opening.test(),
        RollupStep.QUARTER,
        RollupStep.QUARTER.floor(opening.startedMillis()),
        opening.tenant().projectId(),
        opening.keyId(),
        opening.model(),
        opening.target(),
        opening.provider(),
        facets.memberId(),
        facets.service(),
        facets.site(),
        tags(facets));
  }

  /// Each between two line ends, so that one can be looked for.
  static String tags(Facets facets) {
    return facets.tags().isEmpty() ? "" : "\n" + String.join("\n", facets.tags()) + "\n";
  }

  /// The same of a longer step.
  RollupGroup of(RollupStep longer) {
    return new RollupGroup(
        organizationId,
        test,
        longer,
        longer.floor(startMillis),
        projectId,
        keyId,
        model,
        target,
        provider,
        memberId,
        service,
        site,
        tags);
  }

  /// The same under other names.
  RollupGroup named(String newModel, String newTarget, String newTags) {
    return newModel.equals(model) && newTarget.equals(target) && newTags.equals(tags)
        ? this
        : new RollupGroup(
            organizationId,
            test,
            step,
            startMillis,
            projectId,
            keyId,
            newModel,
            newTarget,
            provider,
            memberId,
            service,
            site,
            newTags);
  }

  @Override
  public int compareTo(RollupGroup other) {
    return ORDER.compare(this, other);
  }
}
