package dev.gatewright.explain;

import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.policy.Denial;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.ListedPrice;
import dev.gatewright.policy.Policy;
import dev.gatewright.policy.PolicyView;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.policy.RuleStore;
import dev.gatewright.rest.Problem;
import dev.gatewright.rule.RuleChanges;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.usage.UsageAttempt;
import dev.gatewright.usage.UsageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Holds rules that are not there yet against the calls of the last days: which of them would have
/// been refused that were not. Reads rows in pages, from the newest back, so many and so long and
/// no more. Only what rows keep can be asked: no addresses. Blocks, on the portal's lane;
/// thread-safe.
public final class PolicyPreview {
  static final int BODY_BYTES_MAX = 256 << 10;

  /// After every id there is.
  private static final String NEWEST = "att_g";

  private static final int PAGE_ROWS = 1_000;
  private static final int ROWS_MAX = 200_000;
  private static final int KEYS_MAX = 10_000;
  private static final int SAMPLES_MAX = 20;
  private static final Duration TIME_MAX = Duration.ofSeconds(10);

  private final Database database;
  private final UsageStore usage;
  private final KeyLists keys;
  private final Recorded prices;
  private final Time time;

  /// What a recorded call cost, by list price.
  public interface Recorded {
    /// @param version the price its row names; empty = none
    /// @param target `provider/model`
    @Nullable ListedPrice of(String version, String target, long atMillis);
  }

  /// @param database of the portal's lane
  public PolicyPreview(
      Database database, UsageStore usage, KeyLists keys, Recorded prices, Time time) {
    this.prices = prices;
    this.database = database;
    this.usage = usage;
    this.keys = keys;
    this.time = time;
  }

  /// An owner's rules as they are and as they would be.
  private record Change(PolicyView before, PolicyView after) {}

  /// The answer's body.
  ///
  /// @throws Problem 404 for an owner that is not there, 422
  Map<String, Object> of(String organizationId, PreviewRequest request) {
    int days = request.checkedDays();
    Map<RuleOwner, Change> changes = changes(request.checkedRules(organizationId));
    return new Replay(organizationId, changes, time.millis() - Duration.ofDays(days).toMillis())
        .run();
  }

  private Map<RuleOwner, Change> changes(Map<RuleOwner, List<Rule>> wanted) {
    Map<RuleOwner, Change> changes = new HashMap<>();
    wanted.forEach((owner, more) -> {
      List<Rule> now = now(owner);
      List<Rule> all = new ArrayList<>(now);
      all.addAll(more);
      changes.put(
          owner,
          new Change(
              new PolicyView(owner.layer(), owner.subjectId(), now),
              new PolicyView(owner.layer(), owner.subjectId(), all)));
    });
    return changes;
  }

  private List<Rule> now(RuleOwner owner) {
    if (owner.layer() == Layer.KEY) {
      return keys.find(owner.organizationId(), owner.subjectId())
          .orElseThrow(() -> Problem.absent("key"))
          .key()
          .rules();
    }
    return database.read(handle -> {
      if (!RuleChanges.isThere(handle, owner)) {
        throw Problem.absent(owner.layer().word());
      }
      return RuleStore.of(handle, owner);
    });
  }

  /// One walk over the rows. Confined to its thread.
  private final class Replay {
    private final String organizationId;
    private final Map<RuleOwner, Change> changes;
    private final long fromMillis;
    private final Map<String, List<RuleOwner>> ownersByKey = new HashMap<>();
    private final Map<String, Long> refusedByKey = new TreeMap<>();
    private final List<Map<String, Object>> samples = new ArrayList<>();
    private long calls;
    private long refused;

    Replay(String organizationId, Map<RuleOwner, Change> changes, long fromMillis) {
      this.organizationId = organizationId;
      this.changes = changes;
      this.fromMillis = fromMillis;
    }

    Map<String, Object> run() {
      long started = time.nanos();
      String floor = AttemptIds.floor(fromMillis);
      String before = NEWEST;
      boolean complete = false;
      for (int rows = 0; rows < ROWS_MAX && !complete; rows += PAGE_ROWS) {
        if (time.nanos() - started > TIME_MAX.toNanos()) {
          break;
        }
        List<UsageAttempt> page = usage.attempts(organizationId, null, before, false, PAGE_ROWS);
        for (UsageAttempt row : page) {
          if (row.id().compareTo(floor) < 0) {
            complete = true;
            break;
          }
          judge(row);
          before = row.id();
        }
        complete |= page.size() < PAGE_ROWS;
      }
      return answer(complete);
    }

    /// A call counts by its first attempt: those after it went where that one led.
    private void judge(UsageAttempt row) {
      if (row.ordinal() != 0) {
        return;
      }
      calls++;
      for (RuleOwner owner : owners(row)) {
        Change change = changes.get(owner);
        if (change != null && denial(change.before, row) == null) {
          Denial denial = denial(change.after, row);
          if (denial != null) {
            refuse(row, denial);
            return;
          }
        }
      }
    }

    private List<RuleOwner> owners(UsageAttempt row) {
      String at = row.keyId() + " " + row.projectId();
      List<RuleOwner> known = ownersByKey.get(at);
      if (known != null) {
        return known;
      }
      StoredKey key = keys.find(organizationId, row.keyId()).orElse(null);
      List<RuleOwner> owners =
          new ArrayList<>(
              RuleOwner.over(
                  organizationId, row.projectId(), key == null ? null : key.key().owner()));
      owners.add(new RuleOwner(organizationId, Layer.KEY, row.keyId()));
      if (ownersByKey.size() < KEYS_MAX) {
        ownersByKey.put(at, owners);
      }
      return owners;
    }

    private void refuse(UsageAttempt row, Denial denial) {
      refused++;
      if (refusedByKey.size() < KEYS_MAX || refusedByKey.containsKey(row.keyId())) {
        refusedByKey.merge(row.keyId(), 1L, Long::sum);
      }
      if (samples.size() < SAMPLES_MAX) {
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("request_id", row.requestId());
        sample.put("started_at", Instant.ofEpochMilli(row.startedMillis()).toString());
        sample.put("key_id", row.keyId());
        sample.put("endpoint", row.endpoint());
        sample.put("model", row.model());
        sample.put("target", row.target());
        sample.put("on", denial.layer().word());
        sample.put("message", denial.message());
        samples.add(sample);
      }
    }

    private Map<String, Object> answer(boolean complete) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("from", Instant.ofEpochMilli(fromMillis).toString());
      answer.put("complete", complete);
      answer.put("calls", calls);
      answer.put("refused_calls", refused);
      List<Map<String, Object>> byKey = new ArrayList<>();
      refusedByKey.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .limit(PAGE_ROWS)
          .forEach(entry ->
              byKey.add(Map.of("key_id", entry.getKey(), "refused_calls", entry.getValue())));
      answer.put("keys", byKey);
      answer.put("samples", samples);
      return answer;
    }
  }

  /// What these rules say of a recorded call; which types apply follows from where it came in.
  private @Nullable Denial denial(PolicyView view, UsageAttempt row) {
    Policy policy = Policy.of(view);
    String endpoint = row.endpoint();
    if (endpoint.startsWith("/v1/") && !endpoint.contains("room")) {
      Denial denial = policy.model(row.model(), row.target());
      denial = denial == null ? policy.provider(row.provider()) : denial;
      return denial == null && policy.limitsPrices()
          ? policy.price(
              row.target(), prices.of(row.priceVersion(), row.target(), row.startedMillis()))
          : denial;
    }
    if (row.target().endsWith("/rooms") && row.model().equals("rooms")) {
      return policy.room(row.provider());
    }
    Denial denial = policy.service(row.provider());
    boolean named = !row.model().equals(row.provider());
    return denial == null && named ? policy.model(row.model(), row.target()) : denial;
  }
}
