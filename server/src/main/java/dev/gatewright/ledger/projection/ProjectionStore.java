package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Meters;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.store.change.EventLogStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/// SQL that turns attempts into usage rows and sums. Blocks.
public final class ProjectionStore implements UsageSink {
  /// In the event log, for an attempt that is over.
  private static final String EVENT_TYPE = "request";

  private static final String INSERT_ROW =
      """
      INSERT INTO usage_attempt (organization_id, id, project_id, key_id, request_id, ordinal,
        first_on_target, first_on_provider, model, target, provider, endpoint, stream, test,
        started_millis, first_byte_millis, duration_millis, status, outcome,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, source,
        request_bytes, response_bytes, unit, quantity,
        input_source, output_source, quantity_source, rung,
        cost_nano, billed_nano, unpriced, price_version, cost_source, meters,
        service, site, tags, member_id, upstream_request_id)
      VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,
        ?,?,?,?,?,?,?,?,?,?,?)\
      """;

  private static final String ADD_SUMS =
      """
      INSERT INTO usage_rollup (organization_id, test, step_minutes, start_millis, project_id,
        key_id, model, target, provider, member_id, service, site, tags_id, tags,
        first_attempts, first_on_target, first_on_provider, attempts,
        completed, cancelled, failed, interrupted,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
        audio_millis, images, characters, bytes, cost_nano, billed_nano, unpriced)
      VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
      ON CONFLICT (organization_id, test, step_minutes, start_millis, project_id, key_id, model,
        target, provider, member_id, service, site, tags_id)
      DO UPDATE SET
        first_attempts = usage_rollup.first_attempts + excluded.first_attempts,
        first_on_target = usage_rollup.first_on_target + excluded.first_on_target,
        first_on_provider = usage_rollup.first_on_provider + excluded.first_on_provider,
        attempts = usage_rollup.attempts + excluded.attempts,
        completed = usage_rollup.completed + excluded.completed,
        cancelled = usage_rollup.cancelled + excluded.cancelled,
        failed = usage_rollup.failed + excluded.failed,
        interrupted = usage_rollup.interrupted + excluded.interrupted,
        input_tokens = usage_rollup.input_tokens + excluded.input_tokens,
        output_tokens = usage_rollup.output_tokens + excluded.output_tokens,
        cached_tokens = usage_rollup.cached_tokens + excluded.cached_tokens,
        cache_write_tokens = usage_rollup.cache_write_tokens + excluded.cache_write_tokens,
        reasoning_tokens = usage_rollup.reasoning_tokens + excluded.reasoning_tokens,
        audio_millis = usage_rollup.audio_millis + excluded.audio_millis,
        images = usage_rollup.images + excluded.images,
        characters = usage_rollup.characters + excluded.characters,
        bytes = usage_rollup.bytes + excluded.bytes,
        cost_nano = usage_rollup.cost_nano + excluded.cost_nano,
        billed_nano = usage_rollup.billed_nano + excluded.billed_nano,
        unpriced = usage_rollup.unpriced + excluded.unpriced\
      """;

  private static final List<RollupStep> LONGER =
      List.of(RollupStep.HOUR, RollupStep.DAY, RollupStep.MONTH);

  private final RollupNames names = new RollupNames();

  /// Adds rows and sums, in the transaction of `handle`.
  @Override
  public void add(Handle handle, List<Closed> attempts) {
    Map<RollupGroup, RollupSums> sums = new TreeMap<>();
    RollupGroup last = null;
    RollupSums its = new RollupSums();
    for (Closed attempt : attempts) {
      RollupGroup group =
          names.bounded(
              RollupGroup.of(attempt.opening()), (hour, names) -> known(handle, hour, names));
      if (!group.equals(last)) {
        its = sums.computeIfAbsent(group, _ -> new RollupSums());
        last = group;
      }
      its.add(attempt);
    }
    for (Map.Entry<RollupGroup, RollupSums> quarter : List.copyOf(sums.entrySet())) {
      for (RollupStep longer : LONGER) {
        sums.computeIfAbsent(quarter.getKey().of(longer), _ -> new RollupSums())
            .add(quarter.getValue());
      }
    }
    Connection connection = handle.getConnection();
    try {
      rows(connection, attempts);
      sums(connection, sums);
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("usage rows", e, null);
    }
    told(handle, attempts);
  }

  /// For who reads along; behind the sums, so that everybody takes locks in the same order.
  private static void told(Handle handle, List<Closed> attempts) {
    Map<String, List<EventLogStore.Entry>> byOrganization = new TreeMap<>();
    for (Closed attempt : attempts) {
      Opening opening = attempt.opening();
      Outcome outcome = attempt.outcome();
      byOrganization
          .computeIfAbsent(opening.tenant().organizationId(), _ -> new ArrayList<>())
          .add(
              new EventLogStore.Entry(
                  attempt.id(),
                  outcome.end().word(),
                  opening.tenant().projectId(),
                  opening.requestId(),
                  opening.startedMillis() + Math.max(0, outcome.durationMillis())));
    }
    byOrganization.forEach(
        (organization, entries) -> EventLogStore.append(handle, organization, EVENT_TYPE, entries));
  }

  private static void known(Handle handle, RollupNames.Hour hour, RollupNames.Row names) {
    handle
        .createQuery(
            """
            SELECT DISTINCT model, target, tags FROM usage_rollup
            WHERE organization_id = ? AND test IN (0, 1) AND step_minutes = ? AND start_millis = ?\
            """)
        .bind(0, hour.organizationId())
        .bind(1, RollupStep.HOUR.minutes())
        .bind(2, hour.hourMillis())
        .map((row, _) -> new String[] {row.getString(1), row.getString(2), row.getString(3)})
        .forEach(each -> names.accept(each[0], each[1], each[2]));
  }

  private static void rows(Connection connection, List<Closed> attempts) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_ROW)) {
      for (Closed attempt : attempts) {
        row(insert, attempt);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void row(PreparedStatement insert, Closed attempt) throws SQLException {
    Opening opening = attempt.opening();
    Outcome outcome = attempt.outcome();
    Usage usage = outcome.usage();
    int at = 0;
    insert.setString(++at, opening.tenant().organizationId());
    insert.setString(++at, attempt.id());
    insert.setString(++at, opening.tenant().projectId());
    insert.setString(++at, opening.keyId());
    insert.setString(++at, opening.requestId());
    insert.setLong(++at, opening.ordinal());
    insert.setLong(++at, opening.firstOnTarget() ? 1 : 0);
    insert.setLong(++at, opening.firstOnProvider() ? 1 : 0);
    insert.setString(++at, opening.model());
    insert.setString(++at, opening.target());
    insert.setString(++at, opening.provider());
    insert.setString(++at, opening.endpoint());
    insert.setLong(++at, opening.stream() ? 1 : 0);
    insert.setLong(++at, opening.test() ? 1 : 0);
    insert.setLong(++at, opening.startedMillis());
    insert.setLong(++at, outcome.firstByteMillis());
    insert.setLong(++at, outcome.durationMillis());
    insert.setLong(++at, outcome.status());
    insert.setString(++at, outcome.end().word());
    insert.setLong(++at, usage.inputTokens());
    insert.setLong(++at, usage.outputTokens());
    insert.setLong(++at, usage.cachedTokens());
    insert.setLong(++at, usage.cacheWriteTokens());
    insert.setLong(++at, usage.reasoningTokens());
    insert.setString(++at, usage.source().word());
    insert.setLong(++at, outcome.requestBytes());
    insert.setLong(++at, outcome.responseBytes());
    insert.setString(++at, usage.unit().word());
    insert.setLong(++at, usage.quantity());
    insert.setString(++at, usage.inputSource().word());
    insert.setString(++at, usage.outputSource().word());
    insert.setString(++at, usage.quantitySource().word());
    insert.setString(++at, opening.rung().word());
    money(insert, at, attempt);
  }

  private static void money(PreparedStatement insert, int after, Closed attempt)
      throws SQLException {
    Opening opening = attempt.opening();
    Charge charge = opening.charge();
    Cost cost = attempt.cost();
    Facets facets = opening.facets();
    int at = after;
    if (cost == null || cost.unpriced()) {
      insert.setNull(++at, Types.BIGINT);
    } else {
      insert.setLong(++at, cost.nano());
    }
    insert.setLong(++at, charge == null || cost == null ? 0 : charge.billed(cost));
    insert.setLong(++at, cost != null && cost.unpriced() ? 1 : 0);
    insert.setString(++at, cost == null ? "" : cost.version());
    insert.setString(++at, cost == null ? "" : cost.source());
    insert.setString(++at, meters(attempt));
    insert.setString(++at, facets.service());
    insert.setString(++at, facets.site());
    insert.setString(++at, RollupGroup.tags(facets));
    insert.setString(++at, facets.memberId());
    insert.setString(++at, attempt.outcome().upstreamRequestId());
  }

  /// What was priced, or else what was measured beyond the row's other columns.
  private static String meters(Closed attempt) {
    Cost cost = attempt.cost();
    return Meters.text(
        cost == null || cost.meters().isEmpty()
            ? attempt.outcome().usage().meters()
            : cost.meters());
  }

  private static void sums(Connection connection, Map<RollupGroup, RollupSums> sums)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(ADD_SUMS)) {
      for (Map.Entry<RollupGroup, RollupSums> each : sums.entrySet()) {
        RollupGroup group = each.getKey();
        int at = 0;
        insert.setString(++at, group.organizationId());
        insert.setLong(++at, group.test() ? 1 : 0);
        insert.setLong(++at, group.step().minutes());
        insert.setLong(++at, group.startMillis());
        insert.setString(++at, group.projectId());
        insert.setString(++at, group.keyId());
        insert.setString(++at, group.model());
        insert.setString(++at, group.target());
        insert.setString(++at, group.provider());
        insert.setString(++at, group.memberId());
        insert.setString(++at, group.service());
        insert.setString(++at, group.site());
        insert.setString(++at, tagsId(group.tags()));
        insert.setString(++at, group.tags());
        for (int column = 0; column < RollupSums.COUNT; column++) {
          insert.setLong(++at, each.getValue().sum(column));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /// Short, as a part of an index has to be.
  private static String tagsId(String tags) {
    if (tags.isEmpty()) {
      return "";
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(tags.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
    } catch (NoSuchAlgorithmException bug) {
      throw new IllegalStateException("every JDK has it", bug);
    }
  }
}
