package dev.gatewright.webhook;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.id.Ids;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Keyring;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// REST of webhooks. Described in `openapi/webhook.yaml`.
public final class WebhookApi {
  private static final Access READ = Access.of(Permission.WEBHOOK_READ);
  private static final Access WRITE = Access.of(Permission.WEBHOOK_WRITE);
  private static final int BODY_BYTES_MAX = 16 << 10;
  private static final int ACT_BYTES_MAX = 1 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  /// How long a rotated secret goes on signing beside the new one.
  private static final long GRACE_MILLIS = Duration.ofHours(24).toMillis();

  private final WebhookChanges changes;
  private final WebhookSecrets secrets;
  private final DialRules rules;

  /// @param rules of targets defined by API
  public WebhookApi(WebhookChanges changes, Keyring keyring, DialRules rules) {
    this.changes = changes;
    this.secrets = new WebhookSecrets(keyring);
    this.rules = rules;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    String one = "/api/webhooks/{id}";
    return new Resource(
        "webhook",
        List.of(
            ApiRoute.create("/api/webhooks", WRITE, BODY_BYTES_MAX, this::create),
            ApiRoute.get("/api/webhooks", READ, this::list).query("limit", "cursor"),
            ApiRoute.get(one, READ, this::show),
            ApiRoute.patch(one, WRITE, BODY_BYTES_MAX, this::edit),
            ApiRoute.delete(one, WRITE, this::remove),
            ApiRoute.post(one + "/rotate", WRITE, ACT_BYTES_MAX, this::rotate),
            ApiRoute.post(one + "/test", WRITE, ACT_BYTES_MAX, this::test),
            ApiRoute.get(one + "/deliveries", READ, this::deliveries).query("limit", "cursor"),
            ApiRoute.post(
                one + "/deliveries/{delivery}/resend", WRITE, ACT_BYTES_MAX, this::resend)));
  }

  /// POST /api/webhooks
  private Answer create(ApiCall call) {
    ApiCaller caller = whole(call);
    String organization = caller.tenant().organizationId();
    WebhookRequest request = call.body(WebhookRequest.class);
    String url = request.checkedUrl(rules);
    List<String> events = request.checkedEvents();
    String note = request.checkedNote();
    if (url == null) {
      throw Problem.wrong("/url", "missing (expected: https://host/path)");
    }
    if (events == null) {
      throw Problem.wrong("/events", "missing (expected: such as [\"key\", \"balance\"])");
    }
    long now = changes.now();
    String id = Ids.uuid7("whk_", now);
    Secret secret = secrets.make();
    Webhook made =
        new Webhook(
            organization,
            id,
            url,
            note == null ? "" : note,
            events,
            secrets.seal(organization, id, secret),
            "",
            0,
            Boolean.FALSE.equals(request.enabled())
                ? Webhook.State.DISABLED
                : Webhook.State.ENABLED,
            0,
            caller.id(),
            now,
            1);
    if (!changes.create(caller, made)) {
      throw Problem.conflict(
          "The organization has as many webhooks as it may have: %d."
              .formatted(Webhook.WEBHOOKS_MAX));
    }
    return Answer.created(withSecret(made, secret))
        .repeatedAs(WebhookView.of(made, now))
        .tagged(WebhookView.tag(made));
  }

  /// The only time the secret is shown.
  private Map<String, Object> withSecret(Webhook webhook, Secret secret) {
    Map<String, Object> body = new LinkedHashMap<>();
    WebhookView.Shown shown = WebhookView.of(webhook, changes.now());
    body.put("id", shown.id());
    body.put("secret", secret.expose());
    body.put("url", shown.url());
    body.put("events", shown.events());
    body.put("note", shown.note());
    body.put("state", shown.state());
    put(body, "failing_since", shown.failingSince());
    put(body, "old_secret_until", shown.oldSecretUntil());
    body.put("created_by", shown.createdBy());
    body.put("created_at", shown.createdAt());
    return body;
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void put(Map<String, Object> body, String name, @Nullable Object value) {
    body.put(name, value);
  }

  /// GET /api/webhooks?limit=&cursor=
  private Answer list(ApiCall call) {
    String organization = ApiCaller.of(call).tenant().organizationId();
    Paging paging = call.paging(organization, PAGE_ROWS, PAGE_ROWS_MAX);
    String after = paging.after();
    List<Webhook> rows =
        changes.all(organization).stream()
            .filter(each -> after == null || each.id().compareTo(after) > 0)
            .limit(paging.rows() + 1L)
            .toList();
    boolean more = rows.size() > paging.rows();
    List<Webhook> page = more ? rows.subList(0, paging.rows()) : rows;
    long now = changes.now();
    return paging.answer(
        page.stream().map(each -> WebhookView.of(each, now)).toList(),
        more ? page.getLast().id() : null);
  }

  /// GET /api/webhooks/{id}
  private Answer show(ApiCall call) {
    return shown(found(call));
  }

  /// PATCH /api/webhooks/{id}
  private Answer edit(ApiCall call) {
    ApiCaller caller = whole(call);
    found(call);
    WebhookRequest request = call.body(WebhookRequest.class);
    String url = request.checkedUrl(rules);
    List<String> events = request.checkedEvents();
    String note = request.checkedNote();
    IfMatch seen = call.ifMatch();
    return shown(
        changes
            .edit(
                caller,
                call.path("id"),
                "edit",
                before -> {
                  seen.require(WebhookView.tag(before));
                  return changed(before, request, url, events, note);
                })
            .orElseThrow(WebhookApi::absent));
  }

  private static Webhook changed(
      Webhook before,
      WebhookRequest request,
      @Nullable String url,
      @Nullable List<String> events,
      @Nullable String note) {
    Webhook.State state =
        request.enabled() == null
            ? before.state()
            : request.enabled() ? Webhook.State.ENABLED : Webhook.State.DISABLED;
    // Somebody looked at it: it has its whole time again.
    boolean afresh = state == Webhook.State.ENABLED && (url != null || !before.enabled());
    return new Webhook(
        before.organizationId(),
        before.id(),
        url == null ? before.url() : url,
        note == null ? before.note() : note,
        events == null ? before.events() : events,
        before.secret(),
        before.oldSecret(),
        before.oldUntilMillis(),
        state,
        afresh ? 0 : before.failingSinceMillis(),
        before.createdBy(),
        before.createdMillis(),
        before.version());
  }

  /// DELETE /api/webhooks/{id}
  private Answer remove(ApiCall call) {
    ApiCaller caller = whole(call);
    IfMatch seen = call.ifMatch();
    if (!changes.remove(caller, call.path("id"), there -> seen.require(WebhookView.tag(there)))) {
      throw absent();
    }
    return Answer.empty();
  }

  /// POST /api/webhooks/{id}/rotate
  private Answer rotate(ApiCall call) {
    ApiCaller caller = whole(call);
    call.requireNoFields();
    Webhook there = found(call);
    IfMatch seen = call.ifMatch();
    Secret secret = secrets.make();
    String sealed = secrets.seal(there.organizationId(), there.id(), secret);
    long until = changes.now() + GRACE_MILLIS;
    Webhook now =
        changes
            .edit(
                caller,
                there.id(),
                "rotate",
                before -> {
                  seen.require(WebhookView.tag(before));
                  return new Webhook(
                      before.organizationId(),
                      before.id(),
                      before.url(),
                      before.note(),
                      before.events(),
                      sealed,
                      before.secret(),
                      until,
                      before.state(),
                      before.failingSinceMillis(),
                      before.createdBy(),
                      before.createdMillis(),
                      before.version());
                })
            .orElseThrow(WebhookApi::absent);
    return Answer.ok(withSecret(now, secret)).tagged(WebhookView.tag(now));
  }

  /// POST /api/webhooks/{id}/test
  private Answer test(ApiCall call) {
    ApiCaller caller = whole(call);
    call.requireNoFields();
    enabled(found(call));
    return Answer.created(
        WebhookView.of(changes.test(caller, call.path("id")).orElseThrow(WebhookApi::absent)));
  }

  /// GET /api/webhooks/{id}/deliveries?limit=&cursor=
  private Answer deliveries(ApiCall call) {
    Webhook webhook = found(call);
    Paging paging = call.paging(webhook.id(), PAGE_ROWS, PAGE_ROWS_MAX);
    List<Delivery> rows =
        changes.deliveries(
            webhook.organizationId(), webhook.id(), paging.after(), paging.rows() + 1);
    boolean more = rows.size() > paging.rows();
    List<Delivery> page = more ? rows.subList(0, paging.rows()) : rows;
    return paging.answer(
        page.stream().map(WebhookView::of).toList(), more ? page.getLast().id() : null);
  }

  /// POST /api/webhooks/{id}/deliveries/{delivery}/resend
  private Answer resend(ApiCall call) {
    ApiCaller caller = whole(call);
    call.requireNoFields();
    Webhook webhook = found(call);
    enabled(webhook);
    return Answer.ok(
        WebhookView.of(
            changes
                .resend(caller, webhook.id(), call.path("delivery"))
                .orElseThrow(() -> Problem.absent("delivery"))));
  }

  private static void enabled(Webhook webhook) {
    if (!webhook.enabled()) {
      throw Problem.conflict(
          "webhook %s is %s (expected: enabled; PATCH {\"enabled\": true} first)"
              .formatted(webhook.id(), webhook.state().word()));
    }
  }

  private Webhook found(ApiCall call) {
    String id = call.path("id");
    return changes.all(ApiCaller.of(call).tenant().organizationId()).stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(WebhookApi::absent);
  }

  /// A webhook hears of the whole organization: an admin key with rules may not make it hear.
  private static ApiCaller whole(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    if (!caller.scope().isEmpty()) {
      throw Problem.denied(
          "An admin key with rules reaches a part of the organization; a webhook hears of all of it.");
    }
    return caller;
  }

  private Answer shown(Webhook webhook) {
    return Answer.ok(WebhookView.of(webhook, changes.now())).tagged(WebhookView.tag(webhook));
  }

  private static Problem absent() {
    return Problem.absent("webhook");
  }
}
