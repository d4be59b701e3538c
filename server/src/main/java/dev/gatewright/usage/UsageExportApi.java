package dev.gatewright.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.edge.Refusal;
import dev.gatewright.id.Ids;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Json;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.usage.UsageExport.Format;
import dev.gatewright.usage.UsageQueries.AttemptPage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// REST of exports: single calls in one piece. Described in `openapi/usage.yaml`.
final class UsageExportApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int PAGE_ROWS = 1_000;
  private static final Set<String> ASKED =
      Set.of(
          "from",
          "to",
          "since",
          "tz",
          "test",
          "key",
          "model",
          "outcome",
          "status",
          "tag",
          "service",
          "project",
          "request",
          "min_cost",
          "max_cost");

  private final UsageQueries queries;
  private final UsageExportStore exports;
  private final Projector projector;
  private final TenantWrites writes;
  private final Time time;

  UsageExportApi(
      UsageQueries queries,
      UsageExportStore exports,
      Projector projector,
      TenantWrites writes,
      Time time) {
    this.queries = queries;
    this.writes = writes;
    this.exports = exports;
    this.projector = projector;
    this.time = time;
  }

  List<ApiRoute> routes() {
    Access access = Access.of(Permission.USAGE_READ);
    return List.of(
        ApiRoute.create("/api/usage/exports", access, BODY_BYTES_MAX, this::create),
        ApiRoute.get("/api/usage/exports", access, this::list),
        ApiRoute.get("/api/usage/exports/{id}", access, this::show),
        ApiRoute.get("/api/usage/exports/{id}/rows", access, this::rows));
  }

  /// POST /api/usage/exports
  private Answer create(ApiCall call) {
    ApiCaller caller = singleCalls(call);
    Map<String, String> asked = new TreeMap<>();
    Format format = Format.CSV;
    for (Map.Entry<String, JsonNode> field : body(call).properties()) {
      String name = field.getKey();
      if (name.equals("format")) {
        format = format(field.getValue());
      } else if (!ASKED.contains(name) || field.getValue().isContainerNode()) {
        throw Problem.wrong(
            "/" + name,
            "%s: unknown (expected: format, %s)"
                .formatted(
                    Refusal.shown(name), String.join(", ", ASKED.stream().sorted().toList())));
      } else if (!field.getValue().isNull()) {
        asked.put(name, field.getValue().asText());
      }
    }
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    asked.forEach(kept::put);
    long now = time.millis();
    UsageExport export =
        new UsageExport(
            caller.tenant().organizationId(),
            Ids.uuid7("exp_", now),
            caller.id(),
            now,
            format,
            kept.toString());
    // Said now, not when somebody fetches it.
    UsageAsked checked = asked(caller, export);
    checked.scope();
    checked.eventFilter();
    projector.projectAll();
    if (!writes.run(caller.tenant(), handle -> UsageExportStore.add(handle, export))) {
      throw Problem.conflict(
          "There are %d exports of the last 24 hours (expected: fewer; they end by themselves)."
              .formatted(UsageExportStore.AT_ONCE_MAX));
    }
    return Answer.created(view(export));
  }

  private static JsonNode body(ApiCall call) {
    if (!call.hasBody()) {
      return JsonNodeFactory.instance.objectNode();
    }
    JsonNode body = call.tree();
    if (!body.isObject()) {
      throw Problem.wrong("/", "body: no object (expected: {\"from\": …})");
    }
    return body;
  }

  private static Format format(JsonNode value) {
    return switch (value.asText()) {
      case "csv" -> Format.CSV;
      case "jsonl" -> Format.JSONL;
      default ->
          throw Problem.wrong(
              "/format", "%s (expected: csv or jsonl)".formatted(Refusal.shown(value.asText())));
    };
  }

  /// GET /api/usage/exports
  private Answer list(ApiCall call) {
    ApiCaller caller = singleCalls(call);
    List<UsageExport> all =
        exports.all(caller.tenant().organizationId(), caller.id(), oldestMillis());
    return Answer.page(all.stream().map(UsageExportApi::view).toList(), null);
  }

  /// GET /api/usage/exports/{id}
  private Answer show(ApiCall call) {
    return Answer.ok(view(find(call)));
  }

  /// GET /api/usage/exports/{id}/rows
  private Answer rows(ApiCall call) {
    ApiCaller caller = singleCalls(call);
    UsageExport export = find(call);
    UsageAsked asked = asked(caller, export);
    UsageScope scope = asked.scope();
    UsageScope until =
        new UsageScope(
            scope.organizationId(),
            scope.projects(),
            scope.test(),
            scope.fromMillis(),
            Math.min(scope.toMillis(), export.createdMillis()));
    InputStream rows =
        new SequenceInputStream(new Pages(queries, until, asked.eventFilter(), export.format()));
    return new Answer(
        200,
        rows,
        Map.of(
            "content-type",
            export.format().contentType,
            "content-disposition",
            "attachment; filename=\"usage-%s.%s\"".formatted(export.id(), export.format().word())));
  }

  /// Page by page, each read when the one before is sent.
  @SuppressWarnings("JdkObsolete") // What SequenceInputStream takes.
  private static final class Pages implements Enumeration<InputStream> {
    private final UsageQueries queries;
    private final UsageScope scope;
    private final UsageFilter filter;
    private final Format format;
    private List<String> head = List.of();
    private @Nullable String before = UsageApi.NEWEST;

    Pages(UsageQueries queries, UsageScope scope, UsageFilter filter, Format format) {
      this.queries = queries;
      this.scope = scope;
      this.filter = filter;
      this.format = format;
    }

    @Override
    public boolean hasMoreElements() {
      return before != null;
    }

    @Override
    public InputStream nextElement() {
      String from = before;
      if (from == null) {
        throw new NoSuchElementException();
      }
      AttemptPage page = queries.attempts(scope, filter, from, PAGE_ROWS);
      before = page.next();
      StringBuilder text = new StringBuilder();
      if (format == Format.CSV && head.isEmpty()) {
        head = UsageView.EVENT_FIELDS;
        UsageCsv.head(text, head);
      }
      for (UsageAttempt attempt : page.rows()) {
        Map<String, Object> row = UsageView.event(attempt);
        if (format == Format.CSV) {
          UsageCsv.row(text, head, row);
        } else {
          text.append(new String(Json.bytes(row), StandardCharsets.UTF_8)).append('\n');
        }
      }
      return new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private UsageExport find(ApiCall call) {
    ApiCaller caller = singleCalls(call);
    return exports
        .find(caller.tenant().organizationId(), caller.id(), call.path("id"), oldestMillis())
        .orElseThrow(() -> Problem.absent("export"));
  }

  private long oldestMillis() {
    return time.millis() - UsageExport.KEPT.toMillis();
  }

  private static UsageAsked asked(ApiCaller caller, UsageExport export) {
    JsonNode asked = Json.tree(export.asked().getBytes(StandardCharsets.UTF_8));
    return new UsageAsked(
        caller,
        name -> name == null || !asked.has(name) ? null : asked.get(name).asText(),
        Instant.ofEpochMilli(export.createdMillis()));
  }

  private static ApiCaller singleCalls(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    if (caller.extent() == Extent.TOTALS) {
      throw Problem.lacking(Permission.USAGE_READ, "your role sees totals, not single calls");
    }
    return caller;
  }

  private static Map<String, Object> view(UsageExport export) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", export.id());
    json.put("state", "ready");
    json.put("url", "/api/usage/exports/%s/rows".formatted(export.id()));
    json.put("format", export.format().word());
    json.put("created_at", Instant.ofEpochMilli(export.createdMillis()).toString());
    json.put("expires_at", Instant.ofEpochMilli(export.expiresMillis()).toString());
    return json;
  }
}
