package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.projection.HourSums.Group;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// Bounds the names that an organization's hour is summed by: a caller may ask for any model, so
/// that each call could add a row of its own. What comes beyond is summed under one name; rows of
/// attempts keep theirs. Each replica adds no more than so many. Confined to one transaction at a
/// time.
public final class HourNames {
  /// Distinct models, and distinct targets, of an organization's hour.
  public static final int NAMES_MAX = 200;

  static final String OTHER = "other";

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

  private record Names(Set<String> models, Set<String> targets) {
    private static String within(Set<String> names, String name) {
      return names.contains(name) || (names.size() < NAMES_MAX && names.add(name)) ? name : OTHER;
    }
  }

  /// Reads the models and targets an hour's sums have already.
  @FunctionalInterface
  interface Known {
    void read(Hour hour, BiConsumer<String, String> modelAndTarget);
  }

  synchronized Group bounded(Group group, Known known) {
    Hour hour = new Hour(group.organizationId(), group.hourMillis());
    Names names = hours.get(hour);
    if (names == null) {
      Names read = new Names(new HashSet<>(), new HashSet<>());
      known.read(
          hour,
          (model, target) -> {
            read.models().add(model);
            read.targets().add(target);
          });
      hours.put(hour, read);
      names = read;
    }
    return group.named(
        Names.within(names.models(), group.model()), Names.within(names.targets(), group.target()));
  }
}
