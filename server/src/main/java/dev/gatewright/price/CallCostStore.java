package dev.gatewright.price;

import dev.gatewright.ledger.AttemptIds;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of what one request's attempts came to.
final class CallCostStore {
  private CallCostStore() {}

  /// @param cost nano-USD; null = it has none
  record CallCost(
      String id,
      String projectId,
      String keyId,
      String model,
      String target,
      boolean test,
      String outcome,
      String rung,
      @Nullable Long cost,
      long billed,
      boolean unpriced,
      String version,
      String source,
      String meters,
      String inputSource,
      String outputSource,
      String quantitySource,
      String upstreamRequestId) {}

  /// @param projects only those of these; null = all
  /// @param requestId `req_…`; its id tells when it began
  static List<CallCost> find(
      Handle handle, String organizationId, @Nullable Set<String> projects, String requestId) {
    String hex = requestId.substring(4);
    boolean timed = hex.matches("[0-9a-f]{32}");
    long began = timed ? Long.parseLong(hex.substring(0, 12), 16) : 0;
    return handle
        .createQuery(
            """
            SELECT id, project_id, key_id, model, target, test, outcome, rung, cost_nano,
              billed_nano, unpriced, price_version, cost_source, meters, input_source,
              output_source, quantity_source, upstream_request_id
            FROM usage_attempt
            WHERE organization_id = ? AND test IN (0, 1) AND id >= ? AND id < ? AND request_id = ?
            ORDER BY id LIMIT 100\
            """)
        .bind(0, organizationId)
        .bind(1, AttemptIds.floor(Math.max(0, began - 60_000)))
        .bind(2, timed ? AttemptIds.floor(began + 86_400_000L) : "att_g")
        .bind(3, requestId)
        .map((row, _) -> {
          long cost = row.getLong(9);
          boolean none = row.wasNull();
          return new CallCost(
              row.getString(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              row.getString(5),
              row.getLong(6) == 1,
              row.getString(7),
              row.getString(8),
              none ? null : (Long) cost,
              row.getLong(10),
              row.getLong(11) == 1,
              row.getString(12),
              row.getString(13),
              row.getString(14),
              row.getString(15),
              row.getString(16),
              row.getString(17),
              row.getString(18));
        })
        .list()
        .stream()
        .filter(each -> projects == null || projects.contains(each.projectId()))
        .toList();
  }
}
