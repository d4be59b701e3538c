package dev.gatewright.key.change;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.ApiRefused;
import dev.gatewright.config.Units;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.StoredKey;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.Scope;
import dev.gatewright.telemetry.Time;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// REST of API keys, for admin keys. A caller reaches its own organization; keys of others answer
/// 404 as if they did not exist. Described in `openapi/key.yaml`.
public final class KeyApi {
  private static final Duration GRACE_DEFAULT = Duration.ofHours(24);
  private static final Duration GRACE_MAX = Duration.ofDays(90);
  private static final int PAGE_ROWS = 50;

  private final KeyChanges changes;
  private final KeyVerdict verdict;
  private final Time time;

  public KeyApi(KeyChanges changes, KeyVerdict verdict, Time time) {
    this.changes = changes;
    this.verdict = verdict;
    this.time = time;
  }

  /// Adds the routes, for the portal to mount.
  public void routes(RoutesConfig routes) {
    routes.post("/api/keys", this::create);
    routes.get("/api/keys", this::list);
    routes.post("/api/keys/verify", this::verify);
    routes.get("/api/keys/{id}", this::show);
    routes.post("/api/keys/{id}/disable", context -> enable(context, false));
    routes.post("/api/keys/{id}/enable", context -> enable(context, true));
    routes.post("/api/keys/{id}/revoke", this::revoke);
    routes.post("/api/keys/{id}/rotate", this::rotate);
  }

  /// POST /api/keys
  private void create(Context context) {
    ApiCaller caller = caller(context);
    KeyRequest request = body(context, KeyRequest.class);
    switch (request.checked(caller.tenant(), time.instant())) {
      case KeyRequest.Checked.Wrong wrong ->
          throw ApiRefused.wrong(wrong.pointer(), wrong.message());
      case KeyRequest.Checked.Good good -> {
        requireWithin(caller, good.key().rules(), good.key().manages());
        KeyChanges.Made made = changes.create(good.key(), caller.keyId());
        StoredKey stored = new StoredKey(made.key(), List.of(), null);
        context.status(201).json(KeyView.once(stored, made.text(), time.millis()));
      }
    }
  }

  /// GET /api/keys?state=&limit=&cursor=
  private void list(Context context) {
    KeyFilter filter =
        new KeyFilter(
            state(context.queryParam("state")),
            cursor(context.queryParam("cursor")),
            limit(context.queryParam("limit")));
    long now = time.millis();
    KeyChanges.Page page = changes.list(caller(context).tenant().organizationId(), filter);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("data", page.keys().stream().map(stored -> KeyView.of(stored, now)).toList());
    put(answer, "next_cursor", page.more() ? after(page.keys().getLast()) : null);
    context.json(answer);
  }

  /// GET /api/keys/{id}
  private void show(Context context) {
    StoredKey stored =
        changes
            .find(caller(context).tenant().organizationId(), context.pathParam("id"))
            .orElseThrow(KeyApi::notFound);
    context.json(KeyView.of(stored, time.millis()));
  }

  /// POST /api/keys/{id}/disable, POST /api/keys/{id}/enable
  private void enable(Context context, boolean enabled) {
    ApiCaller caller = caller(context);
    requireNoFields(context);
    String id = context.pathParam("id");
    answer(context, changes.enable(caller.tenant().organizationId(), id, enabled, caller.keyId()));
  }

  /// POST /api/keys/{id}/revoke
  private void revoke(Context context) {
    ApiCaller caller = caller(context);
    requireNoFields(context);
    String id = context.pathParam("id");
    answer(context, changes.revoke(caller.tenant().organizationId(), id, caller.keyId()));
  }

  record RotateRequest(@Nullable String grace) {}

  /// POST /api/keys/{id}/rotate
  private void rotate(Context context) {
    ApiCaller caller = caller(context);
    String organization = caller.tenant().organizationId();
    String id = context.pathParam("id");
    Duration grace =
        context.body().isEmpty()
            ? GRACE_DEFAULT
            : grace(body(context, RotateRequest.class).grace());
    StoredKey before = changes.find(organization, id).orElseThrow(KeyApi::notFound);
    // Whoever rotates a key is handed its power.
    requireWithin(caller, before.key().rules(), before.key().manages());
    answer(context, changes.rotate(organization, id, grace, caller.keyId()));
  }

  record VerifyRequest(@Nullable String key) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /// POST /api/keys/verify
  private void verify(Context context) {
    String key = body(context, VerifyRequest.class).key();
    if (key == null) {
      throw ApiRefused.wrong("/key", "missing (expected: a key's text)");
    }
    context.json(verdict.of(caller(context).tenant().organizationId(), key.strip()));
  }

  private void answer(Context context, KeyChanges.Outcome outcome) {
    switch (outcome) {
      case KeyChanges.Outcome.Changed changed ->
          context.json(KeyView.of(changed.key(), time.millis()));
      case KeyChanges.Outcome.Rotated rotated ->
          context.json(KeyView.once(rotated.key(), rotated.text(), time.millis()));
      case KeyChanges.Outcome.NotFound _ -> throw notFound();
      case KeyChanges.Outcome.OfFile _ ->
          throw ApiRefused.conflict(
              "key %s is in the watched file (source: file); edit it there"
                  .formatted(context.pathParam("id")));
      case KeyChanges.Outcome.Revoked _ ->
          throw ApiRefused.conflict(
              "key %s is revoked, for good; make a new one".formatted(context.pathParam("id")));
    }
  }

  private static void requireWithin(ApiCaller caller, List<Rule> rules, List<String> manages) {
    String exceeded = exceeded(caller, rules, manages);
    if (exceeded != null) {
      throw new ApiRefused(Refusal.denied(exceeded));
    }
  }

  /// Why a key would go beyond the admin key that asks for it; null when it does not.
  public static @Nullable String exceeded(
      ApiCaller caller, List<Rule> rules, List<String> manages) {
    String beyond = "the key would go beyond the admin key that asks for it, which ";
    Rule exceeded = Scope.exceeded(caller.scope(), rules);
    if (exceeded != null) {
      return beyond + "has the rule: " + exceeded.text();
    }
    for (String service : manages) {
      // An admin key without rules is its organization's whole power; one with rules is not.
      if (!caller.scope().isEmpty() && !caller.manages().contains(service)) {
        return beyond + "lacks the scope " + service + ":manage";
      }
    }
    return null;
  }

  public static ApiCaller caller(Context context) {
    return Objects.requireNonNull(
        context.<ApiCaller>attribute(ApiCaller.ATTRIBUTE), "the portal admits before it routes");
  }

  public static <T> T body(Context context, Class<T> type) {
    // Javalin takes a JSON null for a bug of ours.
    if (context.body().strip().equals("null")) {
      throw ApiRefused.wrong("", "null (expected: an object)");
    }
    return context.bodyAsClass(type);
  }

  record NoFields() {}

  private static void requireNoFields(Context context) {
    if (!context.body().isEmpty()) {
      body(context, NoFields.class);
    }
  }

  private static Duration grace(@Nullable String text) {
    Duration grace = text == null ? GRACE_DEFAULT : Units.duration(text);
    if (grace == null || grace.compareTo(GRACE_MAX) > 0) {
      throw ApiRefused.wrong(
          "/grace", "%s (expected: %s, at most 90d)".formatted(text, Units.DURATION));
    }
    return grace;
  }

  private static @Nullable KeyState state(@Nullable String text) {
    KeyState state = text == null ? null : KeyState.of(text);
    if (text != null && state == null) {
      throw ApiRefused.wrong(
          "state",
          "%s (expected: active, disabled, expired, not_yet_valid, rotating or revoked)"
              .formatted(text));
    }
    return state;
  }

  public static KeyFilter.@Nullable Cursor cursor(@Nullable String text) {
    KeyFilter.Cursor cursor = text == null ? null : KeyFilter.Cursor.parse(text);
    if (text != null && cursor == null) {
      throw ApiRefused.wrong(
          "cursor", "not one of ours (expected: next_cursor of the page before)");
    }
    return cursor;
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return PAGE_ROWS;
    }
    if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > KeyFilter.ROWS_MAX) {
      throw ApiRefused.wrong("limit", "%s (expected: 1 to %d)".formatted(text, KeyFilter.ROWS_MAX));
    }
    return Integer.parseInt(text);
  }

  public static String after(StoredKey last) {
    return new KeyFilter.Cursor(last.key().createdMillis(), last.key().id()).text();
  }

  @SuppressWarnings("NullAway") // a JSON null
  public static void put(Map<String, Object> answer, String name, @Nullable String value) {
    answer.put(name, value);
  }

  private static ApiRefused notFound() {
    // The id is not repeated: it may be a whole key, mistaken for its id.
    return ApiRefused.notFound("There is no such key.");
  }
}
