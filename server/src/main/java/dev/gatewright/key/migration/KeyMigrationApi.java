package dev.gatewright.key.migration;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.config.Units;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.KeyApi;
import dev.gatewright.key.change.KeyFindings;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.change.KeyView;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// REST of what concerns many keys at once: taking them over, giving them away, looking them
/// through. Described in `openapi/key_migration.yaml`.
public final class KeyMigrationApi {
  private static final int ROWS_MAX = 500;
  private static final Duration UNUSED_DEFAULT = Duration.ofDays(90);

  private final KeyImports imports;
  private final KeyExports exports;
  private final KeyLists lists;
  private final KeyPepper pepper;
  private final Time time;

  public KeyMigrationApi(
      KeyImports imports, KeyExports exports, KeyLists lists, KeyPepper pepper, Time time) {
    this.imports = imports;
    this.exports = exports;
    this.lists = lists;
    this.pepper = pepper;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "key_migration",
        List.of(
            ApiRoute.post(
                "/api/keys/import",
                Access.of(Permission.KEY_WRITE),
                ApiRoute.BODY_BYTES_MOST,
                this::take),
            ApiRoute.get("/api/keys/export", Access.of(Permission.KEY_WRITE), this::export)
                .query("cursor"),
            ApiRoute.get("/api/keys/report", Access.of(Permission.KEY_READ), this::report)
                .query("unused", "cursor")));
  }

  record ImportRequest(
      @Nullable Boolean dryRun,
      @Nullable List<@Nullable ImportRow> rows,
      @Nullable List<@Nullable ExportedKey> exported) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /// POST /api/keys/import
  private Answer take(ApiCall call) {
    ApiCaller caller = wholeOrganization(call);
    ImportRequest request = call.body(ImportRequest.class);
    List<ImportRow> rows = present("/rows", request.rows());
    List<ExportedKey> exported = present("/exported", request.exported());
    if (rows.size() + exported.size() > ROWS_MAX || rows.size() + exported.size() == 0) {
      throw Problem.wrong(
          "/rows",
          "%d rows (expected: 1 to %d a request)"
              .formatted(rows.size() + exported.size(), ROWS_MAX));
    }
    boolean dryRun = Boolean.TRUE.equals(request.dryRun());
    List<KeyImports.RowOutcome> outcomes = imports.run(caller, dryRun, rows, exported);
    return Answer.ok(Map.of("dry_run", dryRun, "data", outcomes.stream().map(this::view).toList()));
  }

  /// Who sees and changes all keys: what is said here is said of all.
  private static ApiCaller wholeOrganization(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    if (caller.extent() != Extent.ALL) {
      throw Problem.denied("This concerns all keys of the organization: roles owner and admin.");
    }
    return caller;
  }

  private static <T> List<T> present(String pointer, @Nullable List<@Nullable T> given) {
    List<T> all = new ArrayList<>();
    for (T one : given == null ? List.<@Nullable T>of() : given) {
      if (one == null) {
        throw Problem.wrong(pointer + "/" + all.size(), "null (expected: an object)");
      }
      all.add(one);
    }
    return all;
  }

  private Map<String, Object> view(KeyImports.RowOutcome outcome) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("line", outcome.line());
    view.put("outcome", outcome.outcome());
    if (outcome.id() != null) {
      view.put("id", outcome.id());
    }
    view.put("weak", outcome.weak());
    if (outcome.reason() != null) {
      view.put("reason", Refusal.brief(outcome.reason()));
    }
    return view;
  }

  /// GET /api/keys/export?cursor=
  private Answer export(ApiCall call) {
    ApiCaller caller = wholeOrganization(call);
    String organization = caller.tenant().organizationId();
    Paging paging = call.paging(organization, KeyFilter.ROWS_MAX, KeyFilter.ROWS_MAX);
    List<StoredKey> page =
        switch (exports.page(caller, KeyApi.filter(null, null, paging))) {
          case KeyExports.Page.Good good -> good.keys();
          case KeyExports.Page.Denied denied -> throw Problem.denied(denied.message());
        };
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("pepper_id", pepper.id());
    answer.put("data", page.stream().map(ExportedKey::of).toList());
    answer.put(
        "next_cursor",
        paging.next(page.size() < paging.rows() ? null : KeyApi.after(page.getLast())));
    return Answer.ok(answer);
  }

  /// GET /api/keys/report?unused=&cursor=
  private Answer report(ApiCall call) {
    String organization = wholeOrganization(call).tenant().organizationId();
    String text = call.query().text("unused");
    Duration unused = text == null ? UNUSED_DEFAULT : Units.duration(text);
    if (unused == null || unused.isZero()) {
      throw Problem.wrong("unused", "%s (expected: %s)".formatted(text, Units.DURATION));
    }
    Paging paging = call.paging(organization, KeyFilter.ROWS_MAX, KeyFilter.ROWS_MAX);
    long now = time.millis();
    KeyLists.Page page = lists.list(organization, KeyApi.filter(null, null, paging));
    List<Map<String, Object>> found = new ArrayList<>();
    for (StoredKey stored : page.keys()) {
      List<String> findings = KeyFindings.of(stored, unused, now);
      if (!findings.isEmpty()) {
        Map<String, Object> view = KeyView.of(stored, now);
        view.put("findings", findings);
        found.add(view);
      }
    }
    return paging.answer(found, page.more() ? KeyApi.after(page.keys().getLast()) : null);
  }
}
