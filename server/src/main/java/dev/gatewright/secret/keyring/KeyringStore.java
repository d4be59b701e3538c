package dev.gatewright.secret.keyring;

import dev.gatewright.secret.KeyWrapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of master keys and of the keys wrapped with them.
final class KeyringStore {
  private static final String KEY_COLUMNS =
      "d.organization_id, d.purpose, d.version, d.kek_id, d.wrapped, d.kek_version";

  private KeyringStore() {}

  /// What a start has to know: one read.
  ///
  /// @param keks by id
  /// @param platform the platform's own keys
  record Snapshot(Map<String, Kek> keks, List<DataKey> platform) {
    Optional<Kek> active() {
      return keks.values().stream().filter(kek -> kek.state() == Kek.State.ACTIVE).findFirst();
    }
  }

  static Snapshot snapshot(Handle handle) {
    Map<String, Kek> keks = new LinkedHashMap<>();
    List<DataKey> platform = new ArrayList<>();
    handle
        .createQuery(
            "SELECT "
                + KEY_COLUMNS
                + """
                , k.id, k.state, k.proof, k.created_millis, k.retired_millis FROM kek k
                LEFT JOIN data_key d ON d.kek_id = k.id AND d.organization_id = ''
                ORDER BY k.created_millis, k.id, d.purpose, d.version\
                """)
        .map((row, _) -> {
          keks.putIfAbsent(row.getString(7), kek(row));
          if (row.getString(2) != null) {
            platform.add(key(row));
          }
          return row.getString(7);
        })
        .list();
    return new Snapshot(keks, platform);
  }

  /// What proves a master key on a store from before there was a keyring.
  static Optional<String> formerProof(Handle handle) {
    return handle
        .createQuery("SELECT proof FROM master_key_check WHERE id = 1")
        .mapTo(String.class)
        .findOne();
  }

  /// Stores that proof unless there is one already; yields the one that counts. Still written, so
  /// that an older program refuses a master key it would derive other keys from.
  static String keepFormerProof(Handle handle, String proof, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO master_key_check (id, proof, at_millis) VALUES (1, :proof, :now)
            ON CONFLICT (id) DO NOTHING\
            """)
        .bind("proof", proof)
        .bind("now", nowMillis)
        .execute();
    return formerProof(handle).orElseThrow();
  }

  /// The store's first master key, unless it has one.
  static void insertFirst(Handle handle, String id, String proof, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO kek (id, state, proof, created_millis)
            SELECT :id, 'active', :proof, :now WHERE NOT EXISTS (SELECT 1 FROM kek)
            ON CONFLICT (id) DO NOTHING\
            """)
        .bind("id", id)
        .bind("proof", proof)
        .bind("now", nowMillis)
        .execute();
  }

  /// Makes a master key the one that new keys are wrapped with; an old one may come back.
  static void activate(Handle handle, String id, String proof, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO kek (id, state, proof, created_millis) VALUES (:id, 'active', :proof, :now)
            ON CONFLICT (id) DO UPDATE SET state = 'active', proof = excluded.proof,
              created_millis = excluded.created_millis, retired_millis = NULL\
            """)
        .bind("id", id)
        .bind("proof", proof)
        .bind("now", nowMillis)
        .execute();
  }

  /// Locks the row of the active master key until the commit, so that whoever retires it comes
  /// before this or after it.
  ///
  /// @return false when it is active no more
  static boolean hold(Handle handle, String id) {
    return handle
            .createUpdate("UPDATE kek SET state = state WHERE id = :id AND state = 'active'")
            .bind("id", id)
            .execute()
        == 1;
  }

  /// @return false when it was not active any more
  static boolean beginToRetire(Handle handle, String id) {
    return handle
            .createUpdate("UPDATE kek SET state = 'retiring' WHERE id = :id AND state = 'active'")
            .bind("id", id)
            .execute()
        == 1;
  }

  /// @return false when something is wrapped with it still, or it was retired before
  static boolean retire(Handle handle, String id, long nowMillis) {
    return handle
            .createUpdate(
                """
                UPDATE kek SET state = 'retired', retired_millis = :now
                WHERE id = :id AND state = 'retiring'
                  AND NOT EXISTS (SELECT 1 FROM data_key WHERE kek_id = :id)\
                """)
            .bind("id", id)
            .bind("now", nowMillis)
            .execute()
        == 1;
  }

  /// How many keys each master key wraps.
  static Map<String, Long> counts(Handle handle) {
    Map<String, Long> counts = new LinkedHashMap<>();
    handle
        .createQuery("SELECT kek_id, COUNT(*) FROM data_key GROUP BY kek_id")
        .map((row, _) -> counts.put(row.getString(1), row.getLong(2)) == null)
        .list();
    return counts;
  }

  static long count(Handle handle, String kekId) {
    return handle
        .createQuery("SELECT COUNT(*) FROM data_key WHERE kek_id = :kekId")
        .bind("kekId", kekId)
        .mapTo(Long.class)
        .one();
  }

  /// Keys wrapped with a master key, in order.
  ///
  /// @param after the last one of the page before
  static List<DataKey> wrappedWith(Handle handle, String kekId, DataKey.Id after, int rowsMax) {
    return handle
        .createQuery(
            "SELECT "
                + KEY_COLUMNS
                + """
                 FROM data_key d WHERE d.kek_id = :kekId
                  AND (d.organization_id, d.purpose, d.version)
                    > (:organizationId, :purpose, :version)
                ORDER BY d.organization_id, d.purpose, d.version LIMIT :max\
                """)
        .bind("kekId", kekId)
        .bind("organizationId", after.organizationId())
        .bind("purpose", after.purpose())
        .bind("version", after.version())
        .bind("max", rowsMax)
        .map((row, _) -> key(row))
        .list();
  }

  /// Puts a key wrapped anew in place of what was read; another replica may have been faster.
  static void rewrap(Handle handle, DataKey before, String kekId, KeyWrapper.Wrapped wrapped) {
    handle
        .createUpdate(
            """
            UPDATE data_key SET wrapped = :wrapped, kek_id = :to, kek_version = :kekVersion
            WHERE organization_id = :organizationId AND purpose = :purpose AND version = :version
              AND kek_id = :from AND wrapped = :before\
            """)
        .bind("wrapped", wrapped.text())
        .bind("to", kekId)
        .bind("kekVersion", wrapped.version())
        .bind("organizationId", before.id().organizationId())
        .bind("purpose", before.id().purpose())
        .bind("version", before.id().version())
        .bind("from", before.kekId())
        .bind("before", before.wrapped().text())
        .execute();
  }

  /// Adds a key unless there is one of this version already.
  static void insert(Handle handle, DataKey key, long uses, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO data_key
              (organization_id, purpose, version, kek_id, kek_version, wrapped, uses, state,
               created_millis)
            VALUES
              (:organizationId, :purpose, :version, :kekId, :kekVersion, :wrapped, :uses, 'active',
               :now)
            ON CONFLICT (organization_id, purpose, version) DO NOTHING\
            """)
        .bind("organizationId", key.id().organizationId())
        .bind("purpose", key.id().purpose())
        .bind("version", key.id().version())
        .bind("kekId", key.kekId())
        .bind("kekVersion", key.wrapped().version())
        .bind("wrapped", key.wrapped().text())
        .bind("uses", uses)
        .bind("now", nowMillis)
        .execute();
  }

  static Optional<DataKey> find(Handle handle, DataKey.Id id) {
    return handle
        .createQuery(
            "SELECT "
                + KEY_COLUMNS
                + """
                 FROM data_key d
                WHERE d.organization_id = :organizationId AND d.purpose = :purpose
                  AND d.version = :version\
                """)
        .bind("organizationId", id.organizationId())
        .bind("purpose", id.purpose())
        .bind("version", id.version())
        .map((row, _) -> key(row))
        .findOne();
  }

  /// The greatest version there is; 0 = none.
  static long newest(Handle handle, String organizationId, String purpose) {
    return handle
        .createQuery(
            """
            SELECT COALESCE(MAX(version), 0) FROM data_key
            WHERE organization_id = :organizationId AND purpose = :purpose\
            """)
        .bind("organizationId", organizationId)
        .bind("purpose", purpose)
        .mapTo(Long.class)
        .one();
  }

  /// Takes `block` uses of a key.
  ///
  /// @return false when it has not so many left, or there is no such key
  static boolean reserve(Handle handle, DataKey.Id id, long block, long usesMax) {
    return handle
            .createUpdate(
                """
                UPDATE data_key SET uses = uses + :block
                WHERE organization_id = :organizationId AND purpose = :purpose
                  AND version = :version AND state = 'active' AND uses + :block <= :most\
                """)
            .bind("block", block)
            .bind("organizationId", id.organizationId())
            .bind("purpose", id.purpose())
            .bind("version", id.version())
            .bind("most", usesMax)
            .execute()
        == 1;
  }

  /// Keeps a key for opening alone.
  static void endSealing(Handle handle, DataKey.Id id) {
    handle
        .createUpdate(
            """
            UPDATE data_key SET state = 'former'
            WHERE organization_id = :organizationId AND purpose = :purpose AND version = :version\
            """)
        .bind("organizationId", id.organizationId())
        .bind("purpose", id.purpose())
        .bind("version", id.version())
        .execute();
  }

  /// Forgets all keys of an organization, and so everything sealed with them.
  static void shred(Handle handle, String organizationId) {
    handle
        .createUpdate("DELETE FROM data_key WHERE organization_id = :organizationId")
        .bind("organizationId", organizationId)
        .execute();
  }

  private static DataKey key(ResultSet row) throws SQLException {
    return new DataKey(
        new DataKey.Id(row.getString(1), row.getString(2), row.getLong(3)),
        row.getString(4),
        new KeyWrapper.Wrapped(row.getString(5), row.getString(6)));
  }

  private static Kek kek(ResultSet row) throws SQLException {
    long retired = row.getLong(11);
    Long retiredMillis = row.wasNull() ? null : (Long) retired;
    return new Kek(
        row.getString(7),
        Kek.State.of(row.getString(8)),
        row.getString(9),
        row.getLong(10),
        retiredMillis);
  }
}
