package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Meters;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.projection.HourSums.Group;
import dev.gatewright.store.EventLogStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/// SQL that turns attempts into usage rows and hourly sums. Blocks.
public final class ProjectionStore {
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

  private static final String ADD_HOUR =
      """
      INSERT INTO usage_hour (organization_id, hour_millis, project_id, key_id, model, target,
        provider, test, first_attempts, first_on_target, first_on_provider, attempts,
        completed, cancelled, failed, interrupted,
        input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
        audio_millis, images, characters, bytes)
      VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
      ON CONFLICT (organization_id, hour_millis, project_id, key_id, model, target, provider, test)
      DO UPDATE SET
        first_attempts = usage_hour.first_attempts + excluded.first_attempts,
        first_on_target = usage_hour.first_on_target + excluded.first_on_target,
        first_on_provider = usage_hour.first_on_provider + excluded.first_on_provider,
        attempts = usage_hour.attempts + excluded.attempts,
        completed = usage_hour.completed + excluded.completed,
        cancelled = usage_hour.cancelled + excluded.cancelled,
        failed = usage_hour.failed + excluded.failed,
        interrupted = usage_hour.interrupted + excluded.interrupted,
        input_tokens = usage_hour.input_tokens + excluded.input_tokens,
        output_tokens = usage_hour.output_tokens + excluded.output_tokens,
        cached_tokens = usage_hour.cached_tokens + excluded.cached_tokens,
        cache_write_tokens = usage_hour.cache_write_tokens + excluded.cache_write_tokens,
        reasoning_tokens = usage_hour.reasoning_tokens + excluded.reasoning_tokens,
        audio_millis = usage_hour.audio_millis + excluded.audio_millis,
        images = usage_hour.images + excluded.images,
        characters = usage_hour.characters + excluded.characters,
        bytes = usage_hour.bytes + excluded.bytes\
      """;

  private final HourNames names = new HourNames();

  /// Adds rows and sums, in the transaction of `handle`.
  public void add(Handle handle, List<Closed> attempts) {
    Map<Group, HourSums> hours = new TreeMap<>();
    for (Closed attempt : attempts) {
      Group group =
          names.bounded(Group.of(attempt.opening()), (hour, names) -> known(handle, hour, names));
      hours.computeIfAbsent(group, _ -> new HourSums()).add(attempt.opening(), attempt.outcome());
    }
    Connection connection = handle.getConnection();
    try {
      rows(connection, attempts);
      hours(connection, hours);
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
                  word(outcome.end()),
                  opening.tenant().projectId(),
                  opening.requestId(),
                  opening.startedMillis() + Math.max(0, outcome.durationMillis())));
    }
    byOrganization.forEach(
        (organization, entries) -> EventLogStore.append(handle, organization, EVENT_TYPE, entries));
  }

  private static void known(
      Handle handle, HourNames.Hour hour, BiConsumer<String, String> modelAndTarget) {
    handle
        .createQuery(
            """
            SELECT DISTINCT model, target FROM usage_hour
            WHERE organization_id = ? AND hour_millis = ?\
            """)
        .bind(0, hour.organizationId())
        .bind(1, hour.hourMillis())
        .map((row, _) -> new String[] {row.getString(1), row.getString(2)})
        .forEach(names -> modelAndTarget.accept(names[0], names[1]));
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
    insert.setString(++at, word(outcome.end()));
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
    insert.setString(++at, tags(facets));
    insert.setString(++at, facets.memberId());
    insert.setString(++at, attempt.outcome().upstreamRequestId());
  }

  /// Each between two line ends, so that one can be looked for.
  private static String tags(Facets facets) {
    return facets.tags().isEmpty() ? "" : "\n" + String.join("\n", facets.tags()) + "\n";
  }

  /// What was priced, or else what was measured beyond the row's other columns.
  private static String meters(Closed attempt) {
    Cost cost = attempt.cost();
    return Meters.text(
        cost == null || cost.meters().isEmpty()
            ? attempt.outcome().usage().meters()
            : cost.meters());
  }

  private static void hours(Connection connection, Map<Group, HourSums> hours) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(ADD_HOUR)) {
      for (Map.Entry<Group, HourSums> hour : hours.entrySet()) {
        Group group = hour.getKey();
        insert.setString(1, group.organizationId());
        insert.setLong(2, group.hourMillis());
        insert.setString(3, group.projectId());
        insert.setString(4, group.keyId());
        insert.setString(5, group.model());
        insert.setString(6, group.target());
        insert.setString(7, group.provider());
        insert.setLong(8, group.test() ? 1 : 0);
        for (int column = 0; column < HourSums.COUNT; column++) {
          insert.setLong(9 + column, hour.getValue().sum(column));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
