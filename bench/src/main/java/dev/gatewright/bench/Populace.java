package dev.gatewright.bench;

import dev.gatewright.store.SqliteConnections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// 1,000 organizations, 10,000 people and 100,000 keys, with what belongs to them in proportion,
/// written into a store as rows. The same rows each time; a tenth of it all is the first tenant's.
/// Only a gate that is not running may have its file filled.
final class Populace {
  static final int KEYS = 100_000;
  static final int ORGANIZATIONS = 1_000;
  static final int PEOPLE = 10_000;

  /// Owns the largest tenant.
  static final String OWNER = "p0@example.com";

  private static final int INVITATIONS = 5_000;
  private static final int RULES = 20_000;
  private static final int CREDENTIALS = 5_000;
  private static final int ENTRIES = 300_000;
  private static final int ATTEMPTS = 200_000;
  private static final long MONTH_MILLIS = 30L * 86_400_000;

  /// Of `n(i)`: a number below 100,000 that jumps about, and the tenant it falls to; then the
  /// projects that tenant has, and one of them.
  @SuppressWarnings("InlineFormatString") // thirty lines of SQL would hide the line they stand in
  private static final String SPREAD =
      """
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d),
      u(i, h) AS (SELECT i, i * 7919 %% 100003 FROM n),
      t(i, h, o) AS (SELECT i, h, CAST(1000 * (h / 100003.0) * (h / 100003.0) * (h / 100003.0) AS INTEGER) FROM u),
      s(i, h, o, org, prj) AS (SELECT i, h, o, printf('org_%%032d', o),
        printf('prj_%%032d', o * 100 + h %% CASE WHEN o < 50 THEN 20 ELSE 3 END) FROM t)
      """;

  private final Statement statement;
  private final long nowMillis;

  private Populace(Statement statement, long nowMillis) {
    this.statement = statement;
    this.nowMillis = nowMillis;
  }

  static void fill(Path file, long nowMillis) throws SQLException {
    try (Connection connection = SqliteConnections.forMigrations(file).getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      Populace populace = new Populace(statement, nowMillis);
      populace.tenants();
      populace.members();
      populace.keys();
      populace.team();
      populace.usage();
      connection.commit();
    }
  }

  /// The address of one who was granted two projects of the largest tenant's.
  static String developer(Path file) throws SQLException {
    try (Connection connection = SqliteConnections.forMigrations(file).getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT p.email FROM membership m JOIN person p ON p.id = m.person_id
                WHERE m.role = 'developer' AND m.organization_id = printf('org_%032d', 0)
                ORDER BY p.id LIMIT 1\
                """)) {
      row.next();
      return row.getString(1);
    }
  }

  private void insert(String into, int rows, String select) throws SQLException {
    statement.executeUpdate(
        "INSERT INTO "
            + into
            + " "
            + SPREAD.formatted(rows)
            + select.replace("$now", "" + nowMillis));
  }

  private void tenants() throws SQLException {
    insert(
        "organization (id, name, created_millis)",
        ORGANIZATIONS,
        "SELECT printf('org_%032d', i), 'Organization ' || i, $now - 1000000000 + i FROM n");
    insert(
        "project (id, organization_id, name, created_millis)",
        ORGANIZATIONS * 20,
        """
        SELECT printf('prj_%032d', i / 20 * 100 + i % 20), printf('org_%032d', i / 20),
          'Project ' || i % 20, $now - 1000000000 + i
        FROM n WHERE i % 20 < 3 OR i / 20 < 50\
        """);
  }

  private void members() throws SQLException {
    insert(
        "person (id, email, email_key, handle, operator, state, version, created_millis)",
        PEOPLE,
        """
        SELECT printf('per_%032d', i), 'p' || i || '@example.com', 'p' || i || '@example.com',
          'handle ' || i, 0, 'active', 1, $now - 1000000000 + i FROM n\
        """);
    insert(
        "membership (organization_id, person_id, role, source, version, created_millis)",
        PEOPLE,
        """
        SELECT CASE WHEN i < 1000 THEN printf('org_%032d', i) ELSE org END, printf('per_%032d', i),
          CASE WHEN i < 1000 THEN 'owner' WHEN i % 10 = 0 THEN 'admin' WHEN i % 10 < 7
            THEN 'developer' WHEN i % 10 = 7 THEN 'billing' ELSE 'viewer' END,
          'console', 1, $now - 1000000000 + i FROM s\
        """);
    for (int each = 0; each < 2; each++) {
      insert(
          "project_grant (organization_id, project_id, person_id)",
          PEOPLE,
          """
          SELECT org, printf('prj_%%032d', o * 100 + (h + %d) %% CASE WHEN o < 50 THEN 20 ELSE 3 END),
            printf('per_%%032d', i) FROM s WHERE i >= 1000 AND i %% 10 BETWEEN 1 AND 6\
          """
              .formatted(each));
    }
  }

  private void keys() throws SQLException {
    insert(
        "api_key (id, organization_id, project_id, kind, name, enabled, created_by, created_millis,"
            + " not_before_millis, expires_millis, revoked_millis, rules, tags)",
        KEYS,
        """
        SELECT printf('key_%010d', i), org, prj, 'live', 'Key ' || i,
          CASE WHEN i % 50 = 3 THEN 0 ELSE 1 END, 'local', $now - 2500000000 + i * 20,
          CASE WHEN i % 100 = 5 THEN $now + 86400000 ELSE 0 END,
          CASE WHEN i % 20 = 7 THEN $now - 1000000 WHEN i % 5 = 1 THEN $now + 5000000000 END,
          CASE WHEN i % 10 = 9 THEN $now - 1000 END,
          '[{"effect":"allow","type":"models","values":["gpt-4o-mini","claude-*"],"name":""}]',
          '["team a"]' FROM s\
        """);
    insert(
        "key_secret (key_id, ordinal, organization_id, project_id, pepper_id, mac, created_millis,"
            + " grace_until_millis)",
        KEYS,
        """
        SELECT printf('key_%010d', i), 1, org, prj, 'p1', printf('%043d', i), $now,
          CASE WHEN i % 1000 = 2 THEN $now + 80000000 WHEN i % 10 = 4 THEN $now - 1000 END FROM s\
        """);
  }

  private void team() throws SQLException {
    insert(
        "invitation (id, organization_id, email, email_key, role, projects, token_mac, state,"
            + " invited_by, version, created_millis, expires_millis)",
        INVITATIONS,
        """
        SELECT printf('inv_%032d', i), org, 'i' || i || '@example.com', 'i' || i || '@example.com',
          'viewer', '', printf('%043d', i), CASE WHEN i % 3 = 0 THEN 'open' ELSE 'accepted' END,
          'local', 1, $now - 1000000 + i, $now + 600000000 FROM s\
        """);
    insert(
        "rule (id, organization_id, project_id, layer, subject_id, effect, type, rule_values, name,"
            + " created_by, created_millis)",
        RULES,
        """
        SELECT printf('rule_%032d', i), org, CASE WHEN i % 4 > 0 THEN prj END,
          CASE WHEN i % 4 > 0 THEN 'project' ELSE 'organization' END,
          CASE WHEN i % 4 > 0 THEN prj ELSE org END, 'deny', 'models', '["gpt-5*"]', 'Rule ' || i,
          'local', $now - 1000000 + i FROM s\
        """);
    insert(
        "credential (organization_id, id, project_id, name, kind, provider, origin, sealed, last4,"
            + " fingerprint, shelf, created_by, created_millis, secret_millis, version)",
        CREDENTIALS,
        """
        SELECT org, printf('cred_%032d', i), prj, 'Credential ' || i, 'provider', 'p' || i,
          'https://api.example.com:443', 'gws1.1.' || printf('%080d', i), '1234',
          printf('%016d', i), printf('%016d', i), 'local', $now, $now, 1 FROM s\
        """);
    insert(
        "audit_entry (organization_id, seq, project_id, at_millis, actor, action, subject, detail,"
            + " hash, form, actor_kind, address, request_id)",
        ENTRIES,
        """
        SELECT org, i + 1, prj, $now - 3000000000 + i * 10,
          CASE WHEN i % 100 = 0 THEN 'local' ELSE printf('per_%032d', o) END,
          CASE WHEN i % 500 = 1 THEN 'member.remove' WHEN i % 3 = 0 THEN 'key.edit'
            ELSE 'key.create' END,
          printf('key_%010d', i / 3), '{"name":"Key"}', printf('%043d', i), 3,
          CASE WHEN i % 100 = 0 THEN 'local' ELSE 'person' END, '127.0.0.1',
          printf('req_%032d', i) FROM s\
        """);
  }

  private void usage() throws SQLException {
    insert(
        "usage_attempt (organization_id, id, project_id, key_id, request_id, ordinal,"
            + " first_on_target, first_on_provider, model, target, provider, endpoint, stream, test,"
            + " started_millis, first_byte_millis, duration_millis, status, outcome, input_tokens,"
            + " output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, source,"
            + " request_bytes, response_bytes)",
        ATTEMPTS,
        """
        SELECT org, printf('att_%%012x%%020x', $now - %1$d + i * %2$d, i), prj,
          printf('key_%%010d', i %% 1000), printf('req_%%032d', i), 0, 1, 1, 'model ' || i %% 12,
          'local/model ' || i %% 12, 'local', '/v1/chat/completions', 0, 0,
          $now - %1$d + i * %2$d, 100, 900, 200, 'completed', 900, 100, 0, 0, 0, 'provider', 2000,
          2000 FROM s\
        """
            .formatted(MONTH_MILLIS, MONTH_MILLIS / ATTEMPTS));
    for (int minutes : new int[] {15, 60, 1_440, 43_200}) {
      sums(minutes);
    }
  }

  /// Months are told by their days here: one sum of each month stands at its first.
  private void sums(int minutes) throws SQLException {
    String start =
        minutes == 43_200
            ? "CAST(strftime('%s', started_millis / 1000, 'unixepoch', 'start of month') AS INTEGER) * 1000"
            : "started_millis / %1$d * %1$d".formatted(minutes * 60_000L);
    statement.executeUpdate(
        """
        INSERT INTO usage_rollup
        SELECT organization_id, test, %d, %s, project_id, key_id, model, target, provider,
          '', '', '', '', '', COUNT(*), COUNT(*), COUNT(*), COUNT(*), COUNT(*), 0, 0, 0,
          SUM(input_tokens), SUM(output_tokens), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        FROM usage_attempt WHERE organization_id LIKE 'org_0000%%'
        GROUP BY 1, 2, 4, 5, 6, 7, 8, 9\
        """
            .formatted(minutes, start));
  }
}
