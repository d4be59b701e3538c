package dev.gatewright.platform.doctor;

import dev.gatewright.config.Settings;
import dev.gatewright.platform.doctor.Finding.Status;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.keyring.KeyringStart;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.PostgresFaults;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.Optional;

/// A store that answers, looked at more closely. Blocks. Stateless.
final class StoreChecks {
  private static final long CLOCK_MILLIS_MAX = 2_000;

  /// Of one process: docs/operating/postgres.md, Lanes.
  private static final int CONNECTIONS = StoreConfig.CONNECTIONS_DEFAULT + 1;

  private StoreChecks() {}

  /// @param found that there is a master key
  static Finding masterKey(StoreConfig store, Settings settings, Finding found) {
    MasterKeySources sources =
        new MasterKeySources(
            store.dataFolder(),
            settings.secret("master-key"),
            settings.secret("master-key-old"),
            store.postgres() == null);
    Optional<String> problem =
        Stores.look(store, handle -> Optional.ofNullable(KeyringStart.judge(handle, sources)));
    return problem
        .map(sentence ->
            Finding.error(
                found.id(),
                sentence,
                "Start with the key this store was made with: docs/operating/master-key.md, Sealed."))
        .orElse(found);
  }

  /// What is wrong with PostgreSQL; nothing where there is none, or it is not reached.
  ///
  /// @param reached what reaching it came to
  static List<Finding> postgres(StoreConfig store, Finding reached, Time time) {
    PostgresAddress address = store.postgres();
    if (address == null || reached.status() == Status.ERROR) {
      return List.of();
    }
    try {
      PostgresFaults faults = PostgresFaults.look(address);
      return List.of(
          clock(faults.nowMillis() - time.millis()),
          fsync(faults.fsync()),
          connections(faults.connectionsFree()),
          indexes(faults.brokenIndexes()),
          pooler(PostgresFaults.losesStatements(address)));
    } catch (StoreFailed failed) {
      return List.of(
          Finding.warning(
              "postgres", String.valueOf(failed.getMessage()), "Look at its log, then again."));
    }
  }

  static Finding clock(long aheadMillis) {
    String id = "clock";
    String message =
        "PostgreSQL's clock and this machine's are %d ms apart.".formatted(Math.abs(aheadMillis));
    return Math.abs(aheadMillis) > CLOCK_MILLIS_MAX
        ? Finding.warning(
            id,
            message,
            "Set both by NTP: expiry of keys and days of budgets go by this machine's.")
        : Finding.ok(id, message);
  }

  static Finding fsync(boolean on) {
    String id = "durability";
    return on
        ? Finding.ok(id, "PostgreSQL forces commits to the disk.")
        : Finding.error(
            id,
            "PostgreSQL has fsync off: a power cut loses calls and money that were recorded.",
            "Set fsync = on in postgresql.conf and restart it.");
  }

  static Finding connections(int free) {
    String id = "connections";
    String message = "PostgreSQL takes %d more; a process needs %d.".formatted(free, CONNECTIONS);
    return free < CONNECTIONS
        ? Finding.warning(
            id,
            message,
            "Raise max_connections, or put PgBouncer between (docs/operating/pgbouncer.md).")
        : Finding.ok(id, message);
  }

  static Finding indexes(List<String> broken) {
    String id = "indexes";
    return broken.isEmpty()
        ? Finding.ok(id, "All are whole.")
        : Finding.warning(
            id,
            "The making of %s was broken off: it costs and is not used."
                .formatted(String.join(", ", broken)),
            "REINDEX INDEX CONCURRENTLY " + broken.getFirst());
  }

  static Finding pooler(boolean losesStatements) {
    String id = "pooler";
    return losesStatements
        ? Finding.error(
            id,
            "Something between here and PostgreSQL loses prepared statements.",
            "PgBouncer: 1.24 or later with max_prepared_statements = 200; or ?prepareThreshold=0 in the address (docs/operating/pgbouncer.md).")
        : Finding.ok(id, "Prepared statements come through.");
  }
}
