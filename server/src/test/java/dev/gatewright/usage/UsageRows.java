package dev.gatewright.usage;

import dev.gatewright.store.Database.Kind;
import org.jdbi.v3.core.Handle;

/// Many rows of calls, with their sums, written by statements instead of call by call.
final class UsageRows {
  private UsageRows() {}

  static void fill(Handle handle, Kind kind, long rows, long beginMillis, long lengthMillis) {
    boolean sqlite = kind == Kind.SQLITE;
    String numbers =
        sqlite
            ? "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)"
                .formatted(rows)
            : "WITH n AS (SELECT generate_series(0, %d::bigint - 1) AS i)".formatted(rows);
    String at = "(%d + i * %d / %d)".formatted(beginMillis, lengthMillis, rows);
    String id =
        sqlite
            ? "printf('att_%%012x%%020x', %s, i)".formatted(at)
            : "'att_' || lpad(to_hex(%s), 12, '0') || lpad(to_hex(i), 20, '0')".formatted(at);
    handle.execute(
        """
        INSERT INTO usage_attempt (organization_id, id, project_id, key_id, request_id, ordinal,
          first_on_target, first_on_provider, model, target, provider, endpoint, stream, test,
          started_millis, first_byte_millis, duration_millis, status, outcome, input_tokens,
          output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, source,
          request_bytes, response_bytes, cost_nano)
        %s
        SELECT 'org_1', %s, 'prj_1', 'key_' || (i * 7919 %% 50), 'req_' || i, 0, 1, 1,
          'model ' || (i * 104729 %% 12), 'local/model ' || (i * 104729 %% 12), 'local',
          '/v1/chat/completions', 0, 0, %s, 100, 900, 200, 'completed', 900, 100, 0, 0, 0,
          'provider', 2000, 2000, 1000 FROM n\
        """
            .formatted(numbers, id, at));
    String sums =
        """
        INSERT INTO usage_rollup SELECT organization_id, test, %d, %s, project_id, key_id, model,
          target, provider, '', '', '', '', '',
          SUM(first_attempts), SUM(first_on_target), SUM(first_on_provider), SUM(attempts),
          SUM(completed), 0, 0, 0, SUM(input_tokens), SUM(output_tokens), 0, 0, 0, 0, 0, 0, 0,
          SUM(cost_nano), 0, 0
        FROM %s
        GROUP BY 1, 2, 4, 5, 6, 7, 8, 9\
        """;
    String month =
        sqlite
            ? "CAST(strftime('%s', start_millis / 1000, 'unixepoch', 'start of month') AS BIGINT)"
                + " * 1000"
            : "CAST(EXTRACT(EPOCH FROM date_trunc('month', to_timestamp(start_millis / 1000)"
                + " AT TIME ZONE 'UTC')) AS BIGINT) * 1000";
    String ones =
        "(SELECT organization_id, test, started_millis AS start_millis, project_id, key_id, model,"
            + " target, provider, 1 AS first_attempts, 1 AS first_on_target,"
            + " 1 AS first_on_provider, 1 AS attempts, 1 AS completed, input_tokens,"
            + " output_tokens, cost_nano FROM usage_attempt) AS one";
    handle.execute(sums.formatted(15, "start_millis / 900000 * 900000", ones));
    String of = "usage_rollup WHERE step_minutes = ";
    handle.execute(sums.formatted(60, "start_millis / 3600000 * 3600000", of + 15));
    handle.execute(sums.formatted(1_440, "start_millis / 86400000 * 86400000", of + 60));
    handle.execute(sums.formatted(43_200, month, of + 1_440));
    handle.execute("ANALYZE");
  }
}
