package dev.gatewright.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Json;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// REST of the audit chain, for admin keys without rules: it tells of a whole organization.
/// Described in `openapi/audit.yaml`.
public final class AuditApi {
  private static final int PAGE_ROWS = 50;
  private static final int ANCHORS_MAX = 1_000;
  private static final int ANCHORS_BYTES_MAX = 512 << 10;

  private final AuditLog audit;
  private final Database database;

  public AuditApi(AuditLog audit, Database database) {
    this.audit = audit;
    this.database = database;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "audit",
        List.of(
            ApiRoute.get("/api/audit", Access.of(Permission.AUDIT_READ), this::list)
                .query("actor", "action", "object", "from", "to", "limit", "cursor"),
            ApiRoute.get(
                    "/api/audit/export",
                    Access.of(Permission.AUDIT_READ).withStepUp(),
                    this::export)
                .query("from", "to"),
            ApiRoute.get("/api/audit/anchor", Access.of(Permission.AUDIT_READ), this::anchor),
            ApiRoute.post(
                "/api/audit/verify",
                Access.of(Permission.AUDIT_READ),
                ANCHORS_BYTES_MAX,
                this::verify)));
  }

  /// GET /api/audit?actor=&action=&object=&from=&to=&limit=&cursor=
  private Answer list(ApiCall call) {
    String organization = organization(call);
    Paging paging = call.paging(organization, PAGE_ROWS, AuditFilter.ROWS_MAX);
    String before = paging.after();
    AuditFilter filter =
        new AuditFilter(
            actor(call),
            call.query().text("action"),
            call.query().text("object"),
            time("from", call.query().text("from")),
            time("to", call.query().text("to")),
            before == null ? null : (Long) Long.parseLong(before),
            paging.rows());
    List<AuditEntry> page = audit.list(database, organization, filter);
    return paging.answer(
        page.stream().map(AuditApi::view).toList(),
        page.size() < paging.rows() ? null : Long.toString(page.getLast().seq()));
  }

  /// Who may read own acts alone asks for those, whoever else is named.
  private static @Nullable String actor(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String asked = call.query().text("actor");
    if (!caller.extent().confined()) {
      return asked;
    }
    if (asked != null && !asked.equals(caller.id())) {
      throw Problem.lacking(Permission.AUDIT_READ, "your role reads its own acts alone");
    }
    return caller.id();
  }

  /// GET /api/audit/export?from=&to=
  private Answer export(ApiCall call) {
    wholeOrganization(call);
    ApiCaller caller = ApiCaller.of(call);
    int from = call.query().number("from", 1, Integer.MAX_VALUE);
    int to = call.query().number("to", Integer.MAX_VALUE, Integer.MAX_VALUE);
    Long last = to == Integer.MAX_VALUE ? null : (Long) (long) to;
    return switch (audit.export(database, caller.tenant(), caller.actor(), from, last)) {
      case AuditLog.Export.Ready ready ->
          Answer.ok(ready.lines()).with(Map.of("content-type", "application/jsonl"));
      case AuditLog.Export.Beyond beyond ->
          throw Problem.wrong(
              "from",
              "%d to %s (expected: within the chain's %d links)"
                  .formatted(from, last == null ? "its end" : last, beyond.last()));
    };
  }

  /// GET /api/audit/anchor
  private Answer anchor(ApiCall call) {
    return Answer.ok(
        audit
            .anchor(database, wholeOrganization(call))
            .orElseThrow(() -> Problem.notFound("The organization's chain has no links yet."))
            .toJson());
  }

  record VerifyRequest(@Nullable List<@Nullable AuditAnchor> anchors) {}

  /// POST /api/audit/verify
  private Answer verify(ApiCall call) {
    String organization = wholeOrganization(call);
    VerifyRequest request = call.bodyOr(VerifyRequest.class, new VerifyRequest(null));
    List<AuditAnchor> anchors = new ArrayList<>();
    for (AuditAnchor anchor :
        request.anchors() == null ? List.<@Nullable AuditAnchor>of() : request.anchors()) {
      if (anchor == null) {
        throw Problem.wrong("/anchors/" + anchors.size(), "null (expected: an anchor)");
      }
      anchors.add(anchor);
    }
    if (anchors.size() > ANCHORS_MAX) {
      throw Problem.wrong(
          "/anchors", "%d anchors (expected: at most %d)".formatted(anchors.size(), ANCHORS_MAX));
    }
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    switch (audit.verify(database, organization, anchors)) {
      case AuditLog.Walk.Intact intact -> {
        answer.put("intact", true);
        answer.put("links", intact.links());
        answer.put("anchors", anchors.size());
        answer.put("broken_at", null);
        answer.put("reason", null);
      }
      case AuditLog.Walk.Broken broken -> {
        answer.put("intact", false);
        answer.put("links", null);
        answer.put("anchors", anchors.size());
        answer.put("broken_at", broken.seq());
        answer.put("reason", broken.reason());
      }
    }
    return Answer.ok(answer);
  }

  private static String wholeOrganization(ApiCall call) {
    if (ApiCaller.of(call).extent().confined()) {
      throw Problem.lacking(Permission.AUDIT_READ, "your role reads its own acts alone");
    }
    return organization(call);
  }

  private static String organization(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    if (!caller.scope().isEmpty()) {
      throw Problem.denied(
          "The audit chain tells of the whole organization; the admin key presented has rules.");
    }
    return caller.tenant().organizationId();
  }

  private static Map<String, @Nullable Object> view(AuditEntry entry) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("seq", entry.seq());
    view.put("at", Instant.ofEpochMilli(entry.atMillis()).toString());
    view.put("actor", entry.actor().id());
    view.put("actor_kind", entry.actor().kind().word());
    view.put("action", entry.action());
    view.put("object", entry.subject());
    view.put("project_id", entry.tenant().projectId());
    view.put("detail", detail(entry.detail()));
    view.put("address", known(entry.actor().address()));
    view.put("request_id", known(entry.actor().requestId()));
    view.put("via", known(entry.actor().via()));
    view.put("agent", known(entry.actor().agent()));
    view.put("outcome", known(entry.outcome()));
    return view;
  }

  /// What somebody has written over in the database may be no JSON any more.
  private static Object detail(String text) {
    try {
      JsonNode detail = Json.tree(text.getBytes(StandardCharsets.UTF_8));
      return detail.isObject() ? detail : text;
    } catch (Problem unreadable) {
      return text;
    }
  }

  private static @Nullable String known(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Long time(String name, @Nullable String text) {
    try {
      return text == null ? null : (Long) Instant.parse(text).toEpochMilli();
    } catch (DateTimeException wrong) {
      throw Problem.wrong(name, text + " (expected: such as 2027-01-31T12:00:00Z)");
    }
  }
}
