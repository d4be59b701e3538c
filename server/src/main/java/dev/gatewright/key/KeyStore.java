package dev.gatewright.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatewright.account.Tenant;
import dev.gatewright.policy.RulesCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of API keys. Only [#find(Handle, String)] takes no organization: it serves authentication,
/// which is what finds the tenant out.
public final class KeyStore {
  private static final String COLUMNS =
      """
      id, organization_id, project_id, kind, name, enabled, created_by, created_millis,
      not_before_millis, expires_millis, revoked_millis, rules, last_used_millis, manages,
      user_name, origin, weak, version, tags, owner_person_id, origins, metadata, allow_unpriced,
      output_tokens_max\
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private KeyStore() {}

  public static void insert(Handle handle, ApiKey key) {
    if (!insertNew(handle, key)) {
      throw new IllegalStateException("the id of a new key is taken");
    }
  }

  /// @return false when somebody has a key of this id
  public static boolean insertNew(Handle handle, ApiKey key) {
    return handle
            .createUpdate(
                """
                INSERT INTO api_key
                  (id, organization_id, project_id, kind, name, enabled, created_by, created_millis,
                   not_before_millis, expires_millis, revoked_millis, rules, manages, user_name,
                   origin, weak, tags, owner_person_id, origins, metadata, allow_unpriced,
                   output_tokens_max)
                VALUES
                  (:id, :organizationId, :projectId, :kind, :name, :enabled, :createdBy, :created,
                   :notBefore, :expires, :revoked, :rules, :manages, :user, :origin, :weak, :tags,
                   :owner, :origins, :metadata, :allowUnpriced, :outputTokensMax)
                ON CONFLICT (id) DO NOTHING\
                """)
            .bind("id", key.id())
            .bind("organizationId", key.tenant().organizationId())
            .bind("projectId", key.tenant().projectId())
            .bind("kind", KeyFormat.word(key.kind()))
            .bind("createdBy", key.createdBy())
            .bind("created", key.createdMillis())
            .bind("origin", key.origin().word())
            .bind("weak", key.weak() ? 1L : 0L)
            .bindMap(changeable(key))
            .execute()
        == 1;
  }

  /// What an edit may change.
  private static Map<String, @Nullable Object> changeable(ApiKey key) {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("name", key.name());
    values.put("enabled", key.enabled() ? 1L : 0L);
    values.put("notBefore", key.notBeforeMillis());
    values.put("expires", key.expiresMillis());
    values.put("revoked", key.revokedMillis());
    values.put("rules", RulesCodec.write(key.rules()));
    values.put("manages", json(key.manages()));
    values.put("user", key.user());
    values.put("tags", json(key.tags()));
    values.put("owner", key.owner());
    values.put("origins", json(key.power().origins()));
    values.put("metadata", key.notes().metadata());
    Boolean unpriced = key.power().spending().allowUnpriced();
    values.put("allowUnpriced", unpriced == null ? null : unpriced ? 1L : 0L);
    values.put("outputTokensMax", key.power().spending().outputTokensMax());
    return values;
  }

  public static void insertSecret(
      Handle handle, Tenant tenant, String keyId, StoredKey.StoredSecret secret, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO key_secret
              (key_id, ordinal, organization_id, project_id, pepper_id, mac, created_millis,
               grace_until_millis, algorithm)
            VALUES
              (:keyId, :ordinal, :organizationId, :projectId, :pepperId, :mac, :now, :grace,
               :algorithm)\
            """)
        .bind("keyId", keyId)
        .bind("ordinal", secret.ordinal())
        .bind("organizationId", tenant.organizationId())
        .bind("projectId", tenant.projectId())
        .bind("pepperId", secret.pepperId())
        .bind("mac", secret.mac())
        .bind("grace", secret.graceUntilMillis())
        .bind("algorithm", secret.algorithm().word())
        .bind("now", nowMillis)
        .execute();
  }

  /// Whoever's key it is; for authentication only.
  public static Optional<StoredKey> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM api_key WHERE id = :id")
        .bind("id", id)
        .map((row, _) -> stored(row, secrets(handle, List.of(id)).getOrDefault(id, List.of())))
        .findOne();
  }

  public static Optional<StoredKey> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM api_key WHERE id = :id AND organization_id = :organizationId")
        .bind("id", id)
        .bind("organizationId", organizationId)
        .map((row, _) -> stored(row, secrets(handle, List.of(id)).getOrDefault(id, List.of())))
        .findOne();
  }

  /// Whoever's it is: an id is one over the whole deployment.
  public static boolean exists(Handle handle, String id) {
    return handle
        .createQuery("SELECT 1 FROM api_key WHERE id = :id")
        .bind("id", id)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /// Any organization's: it decides whether texts of foreign form are looked up at all.
  public static boolean anyImported(Handle handle) {
    return handle
        .createQuery("SELECT 1 FROM api_key WHERE origin = 'imported' LIMIT 1")
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  public static List<StoredKey> list(
      Handle handle, String organizationId, KeyFilter filter, long nowMillis) {
    KeyFilter.Cursor before = filter.before();
    Set<String> projects = filter.projects();
    if (projects != null && projects.isEmpty()) {
      return List.of();
    }
    String condition = condition(filter.state());
    Query query =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM api_key k WHERE organization_id = :organizationId"
                    + (before == null ? "" : " AND (created_millis, id) < (:created, :id)")
                    + condition
                    + (projects == null ? "" : " AND project_id IN (<projects>)")
                    + " ORDER BY created_millis DESC, id DESC LIMIT :max")
            .bind("organizationId", organizationId)
            .bind("max", filter.rowsMax());
    if (projects != null) {
      query.bindList("projects", projects);
    }
    if (before != null) {
      query.bind("created", before.createdMillis()).bind("id", before.id());
    }
    if (condition.contains(":now")) {
      query.bind("now", nowMillis);
    }
    return withSecrets(handle, query.map((row, _) -> stored(row, List.of())).list());
  }

  /// Keys of a member, in the order of their ids; without their secrets.
  public static List<StoredKey> ownedBy(Handle handle, String organizationId, String personId) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM api_key
                WHERE organization_id = :organizationId AND owner_person_id = :personId
                ORDER BY id\
                """)
        .bind("organizationId", organizationId)
        .bind("personId", personId)
        .map((row, _) -> stored(row, List.of()))
        .list();
  }

  /// Writes over what was read: the key as it is to be, in place of `before`.
  ///
  /// @return false when somebody else has written since it was read
  public static boolean update(Handle handle, StoredKey before, ApiKey key) {
    return handle
            .createUpdate(
                """
                UPDATE api_key SET
                  name = :name, enabled = :enabled, not_before_millis = :notBefore,
                  expires_millis = :expires, revoked_millis = :revoked, rules = :rules,
                  manages = :manages, user_name = :user, tags = :tags, owner_person_id = :owner,
                  origins = :origins, metadata = :metadata, allow_unpriced = :allowUnpriced,
                  output_tokens_max = :outputTokensMax, version = version + 1
                WHERE id = :id AND organization_id = :organizationId AND version = :version\
                """)
            .bindMap(changeable(key))
            .bind("id", key.id())
            .bind("organizationId", key.tenant().organizationId())
            .bind("version", before.version())
            .execute()
        == 1;
  }

  /// Makes room for a new secret: what was in grace already ends now, the newest at `graceUntil`.
  public static void retireSecrets(
      Handle handle, String organizationId, String id, long graceUntil) {
    handle
        .createUpdate(
            """
            DELETE FROM key_secret WHERE key_id = :id AND organization_id = :organizationId
            AND grace_until_millis IS NOT NULL\
            """)
        .bind("id", id)
        .bind("organizationId", organizationId)
        .execute();
    handle
        .createUpdate(
            """
            UPDATE key_secret SET grace_until_millis = :until
            WHERE key_id = :id AND organization_id = :organizationId\
            """)
        .bind("until", graceUntil)
        .bind("id", id)
        .bind("organizationId", organizationId)
        .execute();
  }

  public static long nextOrdinal(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            """
            SELECT COALESCE(MAX(ordinal), 0) + 1 FROM key_secret
            WHERE key_id = :id AND organization_id = :organizationId\
            """)
        .bind("id", id)
        .bind("organizationId", organizationId)
        .mapTo(Long.class)
        .one();
  }

  /// Writes when keys were last used; never moves a time back.
  public static void used(Handle handle, Map<ApiKey, Long> usedMillis) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE api_key SET last_used_millis = :used
            WHERE id = :id AND organization_id = :organizationId
            AND (last_used_millis IS NULL OR last_used_millis < :used)\
            """);
    // Always in the same order: replicas that note the same keys must not wait for each other.
    usedMillis.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().id()))
        .forEach(entry ->
            batch
                .bind("used", entry.getValue())
                .bind("id", entry.getKey().id())
                .bind("organizationId", entry.getKey().tenant().organizationId())
                .add());
    batch.execute();
  }

  private static String condition(@Nullable KeyState state) {
    // Few are in their grace at a time: those are found first, not each key's secrets looked at.
    String inGrace =
        """
         (SELECT s.key_id FROM key_secret s
          WHERE s.organization_id = :organizationId AND s.grace_until_millis > :now)\
        """;
    String live = " AND revoked_millis IS NULL AND enabled = 1";
    String valid =
        live
            + " AND (expires_millis IS NULL OR expires_millis > :now)"
            + " AND not_before_millis <= :now";
    return switch (state) {
      case null -> "";
      case REVOKED -> " AND revoked_millis IS NOT NULL";
      case DISABLED -> " AND revoked_millis IS NULL AND enabled = 0";
      case EXPIRED -> live + " AND expires_millis <= :now";
      case NOT_YET_VALID ->
          live
              + " AND (expires_millis IS NULL OR expires_millis > :now)"
              + " AND not_before_millis > :now";
      case ROTATING -> valid + " AND k.id IN" + inGrace;
      case ACTIVE -> valid + " AND k.id NOT IN" + inGrace;
    };
  }

  private static List<StoredKey> withSecrets(Handle handle, List<StoredKey> keys) {
    Map<String, List<StoredKey.StoredSecret>> secrets =
        secrets(handle, keys.stream().map(stored -> stored.key().id()).toList());
    return keys.stream()
        .map(stored ->
            new StoredKey(
                stored.key(),
                stored.version(),
                secrets.getOrDefault(stored.key().id(), List.of()),
                stored.lastUsedMillis()))
        .toList();
  }

  private static StoredKey stored(ResultSet row, List<StoredKey.StoredSecret> secrets)
      throws SQLException {
    ApiKey key =
        new ApiKey(
            row.getString(1),
            new Tenant(row.getString(2), row.getString(3)),
            Objects.requireNonNull(KeyFormat.kindOf(row.getString(4))),
            row.getString(5),
            row.getLong(6) == 1,
            row.getString(7),
            row.getLong(8),
            row.getLong(9),
            longOrNull(row, 10),
            longOrNull(row, 11),
            new KeyPower(
                RulesCodec.read(row.getString(12)),
                texts(row.getString(14)),
                texts(row.getString(21)),
                spending(row)),
            new KeyNotes(
                row.getString(15), row.getString(20), texts(row.getString(19)), row.getString(22)),
            ApiKey.Origin.of(row.getString(16)),
            row.getLong(17) == 1);
    return new StoredKey(key, row.getLong(18), secrets, longOrNull(row, 13));
  }

  private static KeySpending spending(ResultSet row) throws SQLException {
    Long unpriced = longOrNull(row, 23);
    return new KeySpending(
        unpriced == null ? null : (Boolean) (unpriced == 1), longOrNull(row, 24));
  }

  private static String json(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array.toString();
  }

  private static List<String> texts(String json) {
    List<String> texts = new ArrayList<>();
    try {
      JSON.readTree(json).forEach(text -> texts.add(text.asText()));
    } catch (JsonProcessingException unreadable) {
      throw new IllegalStateException("a stored list is not JSON", unreadable);
    }
    return texts;
  }

  /// The secrets of these keys, by key id, newest first.
  private static Map<String, List<StoredKey.StoredSecret>> secrets(
      Handle handle, List<String> keyIds) {
    Map<String, List<StoredKey.StoredSecret>> byKey = new HashMap<>();
    if (keyIds.isEmpty()) {
      return byKey;
    }
    handle
        .createQuery(
            """
            SELECT key_id, ordinal, pepper_id, mac, grace_until_millis, algorithm FROM key_secret
            WHERE key_id IN (<ids>) ORDER BY key_id, ordinal DESC\
            """)
        .bindList("ids", keyIds)
        .map((row, _) ->
            byKey
                .computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                .add(
                    new StoredKey.StoredSecret(
                        row.getLong(2),
                        Objects.requireNonNull(StoredKey.Algorithm.of(row.getString(6))),
                        row.getString(3),
                        row.getString(4),
                        longOrNull(row, 5))))
        .list();
    return byKey;
  }

  private static @Nullable Long longOrNull(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
