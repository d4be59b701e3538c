package dev.gatewright.key.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.policy.Rule;
import dev.gatewright.store.ChangeFeed;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  record RowOutcome(
      int line, String outcome, @Nullable String id, List<String> weak, @Nullable String reason) {}

  /// Whether a key goes beyond whoever imports it: a sentence, or null.
  interface Bound {
    @Nullable String exceeded(List<Rule> rules, List<String> manages);
  }

  private record Candidate(int line, ImportedKey.Checked checked) {}

  /// @param dryRun says what would become of the rows, and changes nothing
  /// @param exported this product's own, from another database with the same master key
  List<RowOutcome> run(
      Tenant tenant,
      String actor,
      boolean dryRun,
      List<ImportRow> rows,
      List<ExportedKey> exported,
      Bound bound) {
    List<Candidate> candidates = new ArrayList<>();
    Instant now = time.instant();
    ImportedKey foreign = new ImportedKey(tenant, ApiKey.Origin.IMPORTED, actor, pepper);
    for (ImportRow row : rows) {
      candidates.add(new Candidate(row.line(), bounded(foreign.of(row, now), bound)));
    }
    for (ExportedKey key : exported) {
      ImportedKey.Checked checked = key.checked(tenant, pepper.id(), now);
      Integer line = key.line();
      candidates.add(new Candidate(line == null ? 0 : line, bounded(checked, bound)));
    }
    return dryRun
        ? database.read(handle -> preview(handle, tenant, candidates))
        : database.write(handle -> take(handle, tenant, actor, candidates));
  }

  private static ImportedKey.Checked bounded(ImportedKey.Checked checked, Bound bound) {
    return switch (checked) {
      case ImportedKey.Checked.Wrong wrong -> wrong;
      case ImportedKey.Checked.Good good -> {
        ApiKey key = good.key().key();
        String exceeded = bound.exceeded(key.rules(), key.manages());
        yield exceeded == null ? good : new ImportedKey.Checked.Wrong(exceeded);
      }
    };
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

  private List<RowOutcome> take(
      Handle handle, Tenant tenant, String actor, List<Candidate> candidates) {
    List<RowOutcome> outcomes = new ArrayList<>();
    List<String> imported = new ArrayList<>();
    for (Candidate candidate : candidates) {
      switch (candidate.checked()) {
        case ImportedKey.Checked.Wrong wrong ->
            outcomes.add(refused(candidate.line(), wrong.reason()));
        case ImportedKey.Checked.Good good -> {
          if (insert(handle, good.key())) {
            imported.add(good.key().key().id());
            outcomes.add(outcome(candidate.line(), "imported", good));
          } else {
            outcomes.add(present(handle, tenant, candidate.line(), good));
          }
        }
      }
    }
    if (!imported.isEmpty()) {
      record(handle, tenant, actor, imported, candidates.size());
    }
    return outcomes;
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

  private void record(Handle handle, Tenant tenant, String actor, List<String> imported, int rows) {
    ObjectNode detail = AuditLog.detail().put("rows", rows).put("imported", imported.size());
    ArrayNode ids = detail.putArray("ids");
    imported.forEach(ids::add);
    audit.append(handle, tenant, actor, "key.import", tenant.organizationId(), detail);
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
