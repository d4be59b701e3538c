package dev.gatewright.usage;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which attempts of a scope are meant; null = whichever.
///
/// @param model the name the caller asked for
/// @param tag one of its tags
/// @param minCostNano attempts that are priced, and cost so much or more
/// @param maxCostNano the same, and no more
public record UsageFilter(
    @Nullable String key,
    @Nullable String model,
    @Nullable String service,
    @Nullable String tag,
    @Nullable String project,
    @Nullable String outcome,
    @Nullable Integer status,
    @Nullable String request,
    @Nullable Long minCostNano,
    @Nullable Long maxCostNano) {
  static final UsageFilter NONE =
      new UsageFilter(null, null, null, null, null, null, null, null, null, null);

  /// What sums can be asked by.
  static UsageFilter ofSums(
      @Nullable String key,
      @Nullable String model,
      @Nullable String service,
      @Nullable String tag,
      @Nullable String project) {
    return new UsageFilter(key, model, service, tag, project, null, null, null, null, null);
  }

  /// The conditions, each behind an AND; their values are [#values].
  String sql() {
    StringBuilder sql = new StringBuilder();
    append(sql, key, "key_id = :key");
    append(sql, model, "model = :model");
    append(sql, service, "service = :service");
    // What is left without the tag is another text where it is among them.
    append(sql, tag, "REPLACE(tags, :tag, '') <> tags");
    append(sql, project, "project_id = :project");
    append(sql, outcome, "outcome = :outcome");
    append(sql, status, "status = :status");
    append(sql, request, "request_id = :request");
    append(sql, minCostNano, "cost_nano >= :minCost");
    append(sql, maxCostNano, "cost_nano <= :maxCost");
    return sql.toString();
  }

  private static void append(StringBuilder sql, @Nullable Object value, String condition) {
    if (value != null) {
      sql.append(" AND ").append(condition);
    }
  }

  /// Columns of sums that it looks at.
  Set<String> columns() {
    Set<String> columns = new HashSet<>();
    add(columns, key, "key_id");
    add(columns, model, "model");
    add(columns, service, "service");
    add(columns, tag, "tags");
    add(columns, project, "project_id");
    return columns;
  }

  private static void add(Set<String> columns, @Nullable String value, String column) {
    if (value != null) {
      columns.add(column);
    }
  }

  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    put(values, "key", key);
    put(values, "model", model);
    put(values, "service", service);
    put(values, "tag", tag == null ? null : "\n" + tag + "\n");
    put(values, "project", project);
    put(values, "outcome", outcome);
    put(values, "status", status);
    put(values, "request", request);
    put(values, "minCost", minCostNano);
    put(values, "maxCost", maxCostNano);
    return values;
  }

  private static void put(Map<String, Object> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value);
    }
  }
}
