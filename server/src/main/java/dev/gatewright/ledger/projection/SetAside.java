package dev.gatewright.ledger.projection;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Instances whose log cannot be projected: a row of a form this build does not know, a row that is
/// damaged or missing. Their mark stays where it is, so that whoever can read the rows finds them
/// all. Thread-safe.
final class SetAside {
  private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);
  private static final int NAMED_MAX = 3;

  private final Map<String, String> reasons = new ConcurrentSkipListMap<>();

  /// Said in the log once, until the reason is another one.
  void add(String instance, String reason) {
    if (!reason.equals(reasons.put(instance, reason))) {
      LOG.error(
          "usage of instance {} is set aside, none of it is lost or counted: {}", instance, reason);
    }
  }

  void remove(String instance) {
    if (!reasons.isEmpty() && reasons.remove(instance) != null) {
      LOG.info("usage of instance {} is projected again", instance);
    }
  }

  void retain(Collection<String> instances) {
    reasons.keySet().retainAll(instances);
  }

  int size() {
    return reasons.size();
  }

  /// One sentence for `/health`; null when there is nothing to say.
  @Nullable String problem() {
    Map<String, String> now = new TreeMap<>(reasons);
    if (now.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder("usage is set aside: ");
    now.entrySet().stream()
        .limit(NAMED_MAX)
        .forEach(
            each -> text.append(each.getKey()).append(", ").append(each.getValue()).append("; "));
    text.setLength(text.length() - 2);
    return now.size() > NAMED_MAX
        ? text.append("; and %d more".formatted(now.size() - NAMED_MAX)).toString()
        : text.toString();
  }
}
