package dev.gatewright.ledger.projection;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Bounds the names that an organization's hour is summed by: a caller may ask for any model, so
/// that each call could add a row of its own. What comes beyond is summed under one name; rows of
/// attempts keep theirs. Each replica adds no more than so many. Confined to one transaction at a
/// time.
public final class RollupNames {
  /// Distinct models, distinct targets and distinct sets of tags of an organization's hour.
  public static final int NAMES_MAX = 200;

  static final String OTHER = "other";
  private static final String OTHER_TAGS = "\nother\n";

  /// Hours remembered; any other is read again.
  private static final int HOURS_MAX = 128;

  private final Map<Hour, Names> hours =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hour, Names> eldest) {
          return size() > HOURS_MAX;
        }
      };

  record Hour(String organizationId, long hourMillis) {}

  private record Names(Set<String> models, Set<String> targets, Set<String> tags) {
    private static String within(Set<String> names, String name, String other) {
      return names.contains(name) || (names.size() < NAMES_MAX && names.add(name)) ? name : other;
    }

    private RollupGroup bounded(RollupGroup group) {
      return group.named(
          within(models, group.model(), OTHER),
          within(targets, group.target(), OTHER),
          group.tags().isEmpty() ? "" : within(tags, group.tags(), OTHER_TAGS));
    }
  }

  /// Takes the names of a row.
  @FunctionalInterface
  interface Row {
    void accept(String model, String target, String tags);
  }

  /// Reads the names an hour's sums have already.
  @FunctionalInterface
  interface Known {
    void read(Hour hour, Row names);
  }

  synchronized RollupGroup bounded(RollupGroup group, Known known) {
    Hour hour = new Hour(group.organizationId(), RollupStep.HOUR.floor(group.startMillis()));
    Names names = hours.get(hour);
    if (names == null) {
      Names read = new Names(new HashSet<>(), new HashSet<>(), new HashSet<>());
      known.read(
          hour,
          (model, target, tags) -> {
            read.models().add(model);
            read.targets().add(target);
            read.tags().add(tags);
          });
      hours.put(hour, read);
      names = read;
    }
    return names.bounded(group);
  }
}
