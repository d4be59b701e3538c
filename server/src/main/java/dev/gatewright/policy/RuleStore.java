package dev.gatewright.policy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of rules of organizations, projects and members.
public final class RuleStore {
  private static final String COLUMNS =
      """
      id, organization_id, layer, subject_id, effect, type, rule_values, name, created_by,
      created_millis\
      """;

  private RuleStore() {}

  public static void insert(Handle handle, StoredRule stored) {
    RuleOwner owner = stored.owner();
    handle
        .createUpdate(
            """
            INSERT INTO rule
              (id, organization_id, project_id, layer, subject_id, effect, type, rule_values, name,
               created_by, created_millis)
            VALUES
              (:id, :organizationId, :projectId, :layer, :subjectId, :effect, :type, :values, :name,
               :createdBy, :created)\
            """)
        .bind("id", stored.id())
        .bind("organizationId", owner.organizationId())
        .bind("projectId", owner.layer() == Layer.PROJECT ? owner.subjectId() : null)
        .bind("layer", owner.layer().word())
        .bind("subjectId", owner.subjectId())
        .bind("effect", stored.rule().effect().word())
        .bind("type", stored.rule().type().word())
        .bind("values", RulesCodec.writeValues(stored.rule().values()))
        .bind("name", stored.rule().name())
        .bind("createdBy", stored.createdBy())
        .bind("created", stored.createdMillis())
        .execute();
  }

  /// @return false when the organization has no such rule
  public static boolean delete(Handle handle, String organizationId, String id) {
    return handle
            .createUpdate("DELETE FROM rule WHERE id = :id AND organization_id = :organizationId")
            .bind("id", id)
            .bind("organizationId", organizationId)
            .execute()
        == 1;
  }

  public static Optional<StoredRule> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            "SELECT " + COLUMNS + " FROM rule WHERE id = :id AND organization_id = :organizationId")
        .bind("id", id)
        .bind("organizationId", organizationId)
        .map((row, _) -> stored(row))
        .findOne();
  }

  /// All rules of an owner, the oldest first; they are few, see [RuleCheck].
  public static List<Rule> of(Handle handle, RuleOwner owner) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM rule
                WHERE organization_id = :organizationId AND layer = :layer
                  AND subject_id = :subjectId
                ORDER BY id\
                """)
        .bind("organizationId", owner.organizationId())
        .bind("layer", owner.layer().word())
        .bind("subjectId", owner.subjectId())
        .map((row, _) -> stored(row).rule())
        .list();
  }

  /// The newest first.
  ///
  /// @param layer null = any
  /// @param subjectId null = any
  /// @param before only rules older than this one; null = from the newest on
  public static List<StoredRule> list(
      Handle handle,
      String organizationId,
      RuleReach reach,
      @Nullable Layer layer,
      @Nullable String subjectId,
      @Nullable String before,
      int rowsMax) {
    StringBuilder sql = new StringBuilder("SELECT ").append(COLUMNS);
    sql.append(" FROM rule WHERE organization_id = :organizationId");
    sql.append(layer == null ? "" : " AND layer = :layer");
    sql.append(subjectId == null ? "" : " AND subject_id = :subjectId");
    sql.append(before == null ? "" : " AND id < :before");
    if (!reach.all()) {
      sql.append(" AND (layer = 'organization' OR (layer = 'member' AND subject_id = :person)");
      sql.append(
          reach.projects().isEmpty()
              ? ")"
              : " OR (layer = 'project' AND subject_id IN (<projects>)))");
    }
    Query query =
        handle
            .createQuery(sql.append(" ORDER BY id DESC LIMIT :max").toString())
            .bind("organizationId", organizationId)
            .bind("max", rowsMax);
    if (layer != null) {
      query.bind("layer", layer.word());
    }
    if (subjectId != null) {
      query.bind("subjectId", subjectId);
    }
    if (before != null) {
      query.bind("before", before);
    }
    if (!reach.all()) {
      query.bind("person", reach.personId());
      if (!reach.projects().isEmpty()) {
        query.bindList("projects", List.copyOf(reach.projects()));
      }
    }
    return query.map((row, _) -> stored(row)).list();
  }

  private static StoredRule stored(ResultSet row) throws SQLException {
    Layer layer = Layer.of(row.getString(3));
    Rule.Effect effect = Rule.Effect.of(row.getString(5));
    Rule.Type type = Rule.Type.of(row.getString(6));
    // A rule that cannot be read must never turn into a rule that is not there.
    Rule rule =
        new Rule(
            Objects.requireNonNull(effect, "a stored rule's effect"),
            Objects.requireNonNull(type, "a stored rule's type"),
            RulesCodec.readValues(row.getString(7)),
            row.getString(8),
            row.getString(1));
    return new StoredRule(
        new RuleOwner(
            row.getString(2),
            Objects.requireNonNull(layer, "a stored rule's layer"),
            row.getString(4)),
        rule,
        row.getString(9),
        row.getLong(10));
  }
}
