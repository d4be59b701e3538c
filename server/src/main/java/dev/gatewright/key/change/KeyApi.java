package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.config.Units;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiHandler;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// REST of API keys, for admin keys. A caller reaches its own organization; keys of others answer
/// 404 as if they did not exist. Described in `openapi/key.yaml`.
public final class KeyApi {
  private static final Duration GRACE_DEFAULT = Duration.ofHours(24);
  private static final Duration GRACE_MAX = Duration.ofDays(90);
  private static final int PAGE_ROWS = 50;

  /// Room for as many rules as a key may have.
  private static final int KEY_BYTES_MAX = 128 << 10;

  private static final int WORD_BYTES_MAX = 4 << 10;

  private final KeyChanges changes;
  private final KeyLists lists;
  private final KeyVerdict verdict;
  private final KeyPreview preview;
  private final Time time;

  public KeyApi(
      KeyChanges changes, KeyLists lists, KeyVerdict verdict, KeyPreview preview, Time time) {
    this.changes = changes;
    this.lists = lists;
    this.verdict = verdict;
    this.preview = preview;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    List<ApiRoute> routes = new ArrayList<>();
    routes.add(
        ApiRoute.create("/api/keys", Access.of(Permission.KEY_WRITE), KEY_BYTES_MAX, this::create));
    routes.add(
        ApiRoute.get("/api/keys", Access.of(Permission.KEY_READ), this::list)
            .query("state", "limit", "cursor"));
    routes.add(
        ApiRoute.post(
            "/api/keys/verify", Access.of(Permission.KEY_READ), WORD_BYTES_MAX, this::verify));
    routes.add(
        ApiRoute.post(
            "/api/keys/preview", Access.of(Permission.KEY_WRITE), KEY_BYTES_MAX, this::preview));
    routes.add(ApiRoute.get("/api/keys/{id}", Access.of(Permission.KEY_READ), this::show));
    routes.add(
        ApiRoute.patch(
            "/api/keys/{id}", Access.of(Permission.KEY_WRITE), KEY_BYTES_MAX, this::edit));
    routes.add(word("disable", call -> enable(call, false)));
    routes.add(word("enable", call -> enable(call, true)));
    routes.add(word("revoke", this::revoke));
    routes.add(word("rotate", this::rotate));
    return new Resource("key", routes);
  }

  private static ApiRoute word(String verb, ApiHandler handler) {
    return ApiRoute.post(
        "/api/keys/{id}/" + verb, Access.of(Permission.KEY_WRITE), WORD_BYTES_MAX, handler);
  }

  /// POST /api/keys
  private Answer create(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    KeyRequest request = call.body(KeyRequest.class);
    switch (request.checked(caller.tenant(), time.instant())) {
      case KeyRequest.Checked.Wrong wrong -> throw Problem.wrong(wrong.pointer(), wrong.message());
      case KeyRequest.Checked.Good good -> {
        if (good.key().kind() == ApiKey.Kind.ADMIN && caller.needsProof(time.millis())) {
          throw Problem.stepUp();
        }
        return switch (changes.create(good.key(), caller)) {
          case KeyChanges.Creation.Denied denied -> throw Problem.denied(denied.message());
          case KeyChanges.Creation.Wrong wrong ->
              throw Problem.wrong(wrong.pointer(), wrong.message());
          case KeyChanges.Creation.Good(KeyChanges.Made made) ->
              shown(
                  Answer.created(KeyView.once(made.stored(), made.text(), time.millis()))
                      .repeatedAs(KeyView.of(made.stored(), time.millis())),
                  made.stored());
        };
      }
    }
  }

  /// POST /api/keys/preview
  private Answer preview(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    return switch (call.body(KeyRequest.class).checked(caller.tenant(), time.instant())) {
      case KeyRequest.Checked.Wrong wrong -> throw Problem.wrong(wrong.pointer(), wrong.message());
      case KeyRequest.Checked.Good(NewKey wanted) ->
          switch (changes.judge(wanted, caller)) {
            case KeyChanges.Judged.Denied denied -> throw Problem.denied(denied.message());
            case KeyChanges.Judged.Wrong wrong ->
                throw Problem.wrong(wrong.pointer(), wrong.message());
            case KeyChanges.Judged.Good(NewKey key) -> Answer.ok(preview.of(key));
          };
    };
  }

  /// GET /api/keys?state=&limit=&cursor=
  private Answer list(ApiCall call) {
    String organization = ApiCaller.of(call).tenant().organizationId();
    Paging paging = call.paging(organization, PAGE_ROWS, KeyFilter.ROWS_MAX);
    ApiCaller caller = ApiCaller.of(call);
    KeyFilter filter = filter(state(call.query().text("state")), projects(caller), paging);
    KeyLists.Page page = lists.list(organization, filter);
    return paging.answer(
        page.keys().stream().map(stored -> view(caller, stored)).toList(),
        page.more() ? after(page.keys().getLast()) : null);
  }

  /// GET /api/keys/{id}
  private Answer show(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    StoredKey stored =
        lists
            .find(caller.tenant().organizationId(), call.path("id"))
            .filter(found -> caller.reaches(found.key().tenant().projectId()))
            .orElseThrow(KeyApi::notFound);
    return shown(Answer.ok(view(caller, stored)), stored);
  }

  /// The projects whose keys a caller sees; null = all.
  public static @Nullable Set<String> projects(ApiCaller caller) {
    return caller.extent().confined() ? caller.principal().projects() : null;
  }

  /// As much of a key as the caller may see.
  private Map<String, Object> view(ApiCaller caller, StoredKey stored) {
    boolean whole =
        switch (caller.extent()) {
          case ALL, ALL_BUT_OWNERS, GRANTED -> true;
          case OWN -> Reach.isOf(stored.key(), caller.id());
          case NONE, TOTALS, MASKED -> false;
        };
    return whole ? KeyView.of(stored, time.millis()) : KeyView.masked(stored, time.millis());
  }

  /// PATCH /api/keys/{id}
  private Answer edit(ApiCall call) {
    if (!(call.tree() instanceof ObjectNode fields)) {
      throw Problem.wrong("", "not an object (expected: the fields to change)");
    }
    KeyEdit edit = new KeyEdit(fields);
    return answer(call, changes.edit(ApiCaller.of(call), call.path("id"), edit, guard(call)));
  }

  /// What the caller last saw of the key, asked when nobody else can change it.
  private static KeyGuard guard(ApiCall call) {
    IfMatch seen = call.ifMatch();
    return before -> seen.require(KeyView.tag(before));
  }

  private static Answer shown(Answer answer, StoredKey stored) {
    return answer.tagged(KeyView.tag(stored));
  }

  /// POST /api/keys/{id}/disable, POST /api/keys/{id}/enable
  private Answer enable(ApiCall call, boolean enabled) {
    call.requireNoFields();
    String id = call.path("id");
    return answer(call, changes.enable(ApiCaller.of(call), id, enabled, guard(call)));
  }

  /// POST /api/keys/{id}/revoke
  private Answer revoke(ApiCall call) {
    call.requireNoFields();
    return answer(call, changes.revoke(ApiCaller.of(call), call.path("id"), guard(call)));
  }

  record RotateRequest(@Nullable String grace) {}

  /// POST /api/keys/{id}/rotate
  private Answer rotate(ApiCall call) {
    requireProofFor(call);
    Duration grace = grace(call.bodyOr(RotateRequest.class, new RotateRequest(null)).grace());
    return answer(call, changes.rotate(ApiCaller.of(call), call.path("id"), grace, guard(call)));
  }

  /// A rotation shows a secret: of an admin key, to who has just proved to be it.
  private void requireProofFor(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    boolean admin =
        lists
            .find(caller.tenant().organizationId(), call.path("id"))
            .filter(found -> found.key().kind() == ApiKey.Kind.ADMIN)
            .isPresent();
    if (admin && caller.needsProof(time.millis())) {
      throw Problem.stepUp();
    }
  }

  record VerifyRequest(@Nullable String key) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /// POST /api/keys/verify
  private Answer verify(ApiCall call) {
    String key = call.body(VerifyRequest.class).key();
    if (key == null) {
      throw Problem.wrong("/key", "missing (expected: a key's text)");
    }
    return Answer.ok(verdict.of(ApiCaller.of(call).tenant().organizationId(), key.strip()));
  }

  private Answer answer(ApiCall call, KeyChanges.Outcome outcome) {
    return switch (outcome) {
      case KeyChanges.Outcome.Changed changed ->
          shown(Answer.ok(KeyView.of(changed.key(), time.millis())), changed.key());
      case KeyChanges.Outcome.Rotated rotated ->
          shown(
              Answer.ok(KeyView.once(rotated.key(), rotated.text(), time.millis())), rotated.key());
      case KeyChanges.Outcome.NotFound _ -> throw notFound();
      case KeyChanges.Outcome.OfFile _ ->
          throw Problem.conflict(
              "key %s is in the watched file (source: file); edit it there"
                  .formatted(call.path("id")));
      case KeyChanges.Outcome.Denied denied -> throw Problem.denied(denied.message());
      case KeyChanges.Outcome.Wrong wrong -> throw Problem.wrong(wrong.pointer(), wrong.message());
      case KeyChanges.Outcome.Revoked _ ->
          throw Problem.conflict(
              "key %s is revoked, for good; make a new one".formatted(call.path("id")));
    };
  }

  private static Duration grace(@Nullable String text) {
    Duration grace = text == null ? GRACE_DEFAULT : Units.duration(text);
    if (grace == null || grace.compareTo(GRACE_MAX) > 0) {
      throw Problem.wrong(
          "/grace", "%s (expected: %s, at most 90d)".formatted(text, Units.DURATION));
    }
    return grace;
  }

  private static @Nullable KeyState state(@Nullable String text) {
    KeyState state = text == null ? null : KeyState.of(text);
    if (text != null && state == null) {
      throw Problem.wrong(
          "state",
          "%s (expected: active, disabled, expired, not_yet_valid, rotating or revoked)"
              .formatted(text));
    }
    return state;
  }

  public static KeyFilter filter(
      @Nullable KeyState state, @Nullable Set<String> projects, Paging paging) {
    String place = paging.after();
    return new KeyFilter(
        state, projects, place == null ? null : KeyFilter.Cursor.parse(place), paging.rows());
  }

  /// Where the page after `last` begins.
  public static String after(StoredKey last) {
    return new KeyFilter.Cursor(last.key().createdMillis(), last.key().id()).text();
  }

  private static Problem notFound() {
    // The id is not repeated: it may be a whole key, mistaken for its id.
    return Problem.absent("key");
  }
}
