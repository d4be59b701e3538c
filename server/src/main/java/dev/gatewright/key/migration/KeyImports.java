package dev.gatewright.key.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.StandingStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.Reach;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Takes keys over by their hashes. A batch is one transaction with one audit entry. A key that is
/// here already stays as it is, so a batch may be sent again. Blocks; thread-safe.
public final class KeyImports {
  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final KeyPepper pepper;
  private final Time time;

  public KeyImports(
      Database database, ChangeFeed feed, AuditLog audit, KeyPepper pepper, Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.pepper = pepper;
    this.time = time;
  }

  /// What became of a row.
  ///
  /// @param outcome `imported`, `present` or `refused`
  /// @param id null when refused
  /// @param weak why the key can be guessed more easily than one of ours
  /// @param reason null unless refused
  public record RowOutcome(
      int line, String outcome, @Nullable String id, List<String> weak, @Nullable String reason) {}

  private record Candidate(int line, ImportedKey.Checked checked) {}

  /// @param dryRun says what would become of the rows, and changes nothing
  /// @param exported this product's own, from another database with the same master key
  List<RowOutcome> run(
      ApiCaller caller, boolean dryRun, List<ImportRow> rows, List<ExportedKey> exported) {
    Tenant tenant = caller.tenant();
    List<Candidate> candidates = new ArrayList<>();
    Instant now = time.instant();
    ImportedKey foreign = new ImportedKey(tenant, ApiKey.Origin.IMPORTED, caller.id(), pepper);
    for (ImportRow row : rows) {
      candidates.add(new Candidate(row.line(), foreign.of(row, now)));
    }
    for (ExportedKey key : exported) {
      ImportedKey.Checked checked = key.checked(tenant, pepper.id(), now);
      Integer line = key.line();
      candidates.add(new Candidate(line == null ? 0 : line, checked));
    }
    return dryRun
        ? database.read(handle -> preview(handle, tenant, bounded(handle, caller, candidates)))
        : database.write(handle -> {
          audit.lock(handle, tenant);
          return take(handle, caller, bounded(handle, caller, candidates));
        });
  }

  /// Takes rows over inside a transaction that makes more than the keys and holds the
  /// organization's lock; for who runs the platform.
  ///
  /// @param caller with the tenant whose keys they are to be
  public List<RowOutcome> take(Handle handle, ApiCaller caller, Iterable<ImportRow> rows) {
    ImportedKey foreign =
        new ImportedKey(caller.tenant(), ApiKey.Origin.IMPORTED, caller.id(), pepper);
    List<Candidate> candidates = new ArrayList<>();
    for (ImportRow row : rows) {
      candidates.add(new Candidate(row.line(), foreign.of(row, time.instant())));
    }
    return take(handle, caller, candidates);
  }

  /// No key goes beyond whoever imports it.
  private List<Candidate> bounded(Handle handle, ApiCaller caller, List<Candidate> candidates) {
    Reach reach = Reach.of(handle, caller, time.millis());
    List<Candidate> bounded = new ArrayList<>();
    for (Candidate candidate : candidates) {
      String exceeded =
          switch (candidate.checked()) {
            case ImportedKey.Checked.Wrong _ -> null;
            case ImportedKey.Checked.Good good ->
                reach == null
                    ? Reach.GONE
                    : strange(handle, good.key().key())
                        ? "owner: no member of this organization (expected: a member's id)"
                        : reach.exceeded(good.key().key());
          };
      bounded.add(
          exceeded == null
              ? candidate
              : new Candidate(candidate.line(), new ImportedKey.Checked.Wrong(exceeded)));
    }
    return bounded;
  }

  /// The rules of an owner who is not here could not hold.
  private static boolean strange(Handle handle, ApiKey key) {
    String owner = key.owner();
    return owner != null
        && StandingStore.find(handle, key.tenant().organizationId(), owner).isEmpty();
  }

  private static List<RowOutcome> preview(
      Handle handle, Tenant tenant, List<Candidate> candidates) {
    List<RowOutcome> outcomes = new ArrayList<>();
    for (Candidate candidate : candidates) {
      outcomes.add(
          switch (candidate.checked()) {
            case ImportedKey.Checked.Wrong wrong -> refused(candidate.line(), wrong.reason());
            case ImportedKey.Checked.Good good ->
                KeyStore.exists(handle, good.key().key().id())
                    ? present(handle, tenant, candidate.line(), good)
                    : outcome(candidate.line(), "imported", good);
          });
    }
    return outcomes;
  }

  private List<RowOutcome> take(Handle handle, ApiCaller caller, List<Candidate> candidates) {
    Set<String> imported = insert(handle, candidates);
    List<RowOutcome> outcomes = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (Candidate candidate : candidates) {
      outcomes.add(
          switch (candidate.checked()) {
            case ImportedKey.Checked.Wrong wrong -> refused(candidate.line(), wrong.reason());
            case ImportedKey.Checked.Good good -> {
              String id = good.key().key().id();
              // The same key in two rows is one key.
              yield imported.contains(id) && told.add(id)
                  ? outcome(candidate.line(), "imported", good)
                  : present(handle, caller.tenant(), candidate.line(), good);
            }
          });
    }
    if (!imported.isEmpty()) {
      record(handle, caller, imported, candidates.size());
    }
    return outcomes;
  }

  /// In the order of their ids: two imports of the same keys, by different organizations, must not
  /// wait for each other.
  private SortedSet<String> insert(Handle handle, List<Candidate> candidates) {
    SortedMap<String, StoredKey> byId = new TreeMap<>();
    for (Candidate candidate : candidates) {
      if (candidate.checked() instanceof ImportedKey.Checked.Good good) {
        byId.putIfAbsent(good.key().key().id(), good.key());
      }
    }
    SortedSet<String> inserted = new TreeSet<>();
    byId.forEach((id, stored) -> {
      if (insert(handle, stored)) {
        inserted.add(id);
      }
    });
    return inserted;
  }

  private boolean insert(Handle handle, StoredKey stored) {
    if (!KeyStore.insertNew(handle, stored.key())) {
      return false;
    }
    for (StoredKey.StoredSecret secret : stored.secrets()) {
      KeyStore.insertSecret(
          handle, stored.key().tenant(), stored.key().id(), secret, time.millis());
    }
    return true;
  }

  private void record(Handle handle, ApiCaller caller, Set<String> imported, int rows) {
    Tenant tenant = caller.tenant();
    ObjectNode detail = AuditLog.detail().put("rows", rows).put("imported", imported.size());
    ArrayNode ids = detail.putArray("ids");
    imported.forEach(ids::add);
    audit.append(handle, tenant, caller.actor(), "key.import", tenant.organizationId(), detail);
    String organization = tenant.organizationId();
    // An id may be known not to exist: somebody has tried the key before it was here.
    imported.forEach(id -> feed.append(handle, KeyDirectory.CHANGE_KIND, organization, id));
    feed.append(handle, ForeignKeys.CHANGE_KIND, null, "imported");
  }

  /// The id is taken: by the same key, or by another organization's, which is not to be told from a
  /// key that cannot be had.
  private static RowOutcome present(
      Handle handle, Tenant tenant, int line, ImportedKey.Checked.Good good) {
    return KeyStore.find(handle, tenant.organizationId(), good.key().key().id()).isPresent()
        ? outcome(line, "present", good)
        : refused(line, "cannot be taken over here (expected: a key nobody else has imported)");
  }

  private static RowOutcome outcome(int line, String outcome, ImportedKey.Checked.Good good) {
    return new RowOutcome(line, outcome, good.key().key().id(), good.weak(), null);
  }

  private static RowOutcome refused(int line, String reason) {
    return new RowOutcome(line, "refused", null, List.of(), reason);
  }
}
