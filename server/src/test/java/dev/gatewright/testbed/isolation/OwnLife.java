package dev.gatewright.testbed.isolation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.testbed.TestPerson;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Another tenant's owner who minds the own affairs only, and names things as the attacked tenant
/// does: whoever forgets whose a thing is takes the one for the other.
final class OwnLife {
  private static final Duration TOLD_MAX = Duration.ofSeconds(10);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String CHAT =
      "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  private final TwoTenants world;
  private final TestPerson owner;
  private final Things theirs;
  private final Things nobodys;
  private final List<String> faults = new ArrayList<>();

  /// @param nobodys ids of the same forms that nobody has
  OwnLife(TwoTenants world, TestPerson owner, Things nobodys) {
    this.world = world;
    this.owner = owner;
    this.theirs = world.things();
    this.nobodys = nobodys;
  }

  /// What was not as if the other tenant were not there.
  List<String> faults() throws IOException, InterruptedException {
    HttpResponse<InputStream> events = events(theirs.id("event"));
    JsonNode kept = made("GET", "/api/usage/retention", "", 200).path("retention_days");
    if (kept.asInt() == TwoTenants.DAYS) {
      faults.add("rows are kept as the other tenant says");
    }
    JsonNode topup = made("GET", "/api/billing/auto-topup", "", 200);
    if (topup.toString().contains("\"77\"")) {
      faults.add("the other tenant's card is charged: " + topup);
    }
    for (String money : List.of("balance", "statements/" + YearMonth.now(ZoneOffset.UTC))) {
      String body = owner.send("GET", "/api/billing/" + money, "").body();
      if (body.contains("123.45")) {
        faults.add("the other tenant's credit: " + body);
      }
    }
    made("PUT", "/api/usage/retention", "{\"retention_days\":40}", 200);
    made("PUT", "/api/usage/retention", "{\"retention_days\":null}", 200);
    // The other tenant's owners are none of its own.
    made("PATCH", "/api/team/members/" + owner.id(), "{\"role\":\"admin\"}", 409);
    made("DELETE", "/api/team/members/" + owner.id(), "", 409);
    JsonNode key = made("POST", "/api/keys", "{\"name\":\"own\"}", 201);
    String secret = key.path("key").asText();
    String path = "/api/keys/" + key.path("id").asText();
    // Nobody pays for it: neither the platform nor anybody else's stored credential.
    called("a call nobody pays for", secret, 402);
    JsonNode stored =
        made(
            "POST",
            "/api/credentials",
            "{\"name\":\"own\",\"kind\":\"provider\",\"provider\":\"local\",\"secret\":\"sk-neighbour\"}",
            201);
    called("a call paid by the own credential", secret, 200);
    named("/api/providers", "{\"id\":\"%s\",\"base_url\":\"https://y.example/v1\"}", "provider");
    named("/api/models", "{\"id\":\"%s\",\"targets\":[\"local/own\"]}", "model");
    String project =
        "/api/projects/"
            + made("POST", "/api/projects", "{\"name\":\"own\"}", 201).path("id").asText();
    made("PATCH", project, "{\"name\":\"other\"}", 200);
    // What is its own, given to somebody of the other's or put on something of it.
    String member = "/api/team/members/" + TwoTenants.BOTH;
    refused("PATCH", path, "{\"owner\":\"<person>\"}");
    refused("PATCH", member, "{\"role\":\"developer\",\"projects\":[\"<project>\"]}");
    refused(
        "POST",
        "/api/organizations/" + owner.organizationId() + "/transfer",
        "{\"person_id\":\"<person>\"}");
    String webhook =
        "/api/webhooks/"
            + made(
                    "POST",
                    "/api/webhooks",
                    "{\"url\":\"https://y.example/hook\",\"events\":[\"usage\"]}",
                    201)
                .path("id")
                .asText();
    refused("POST", webhook + "/deliveries/<delivery>/resend", "{}");
    made("GET", webhook + "/deliveries", "", 200);
    made("POST", webhook + "/rotate", "{}", 200);
    made("PATCH", webhook, "{\"note\":\"own\"}", 200);
    made("DELETE", webhook, "", 204);
    // Somebody of both: what one of them decides is nothing to the other.
    made("PATCH", member, "{\"role\":\"viewer\"}", 200);
    made("GET", member, "", 200);
    made("DELETE", member, "", 200);
    made("DELETE", project, "", 204);
    String soft = ",\"usd\":\"9\",\"per\":\"month\",\"hard\":false}";
    String budget =
        made("POST", "/api/budgets", "{\"on\":\"" + key.path("id").asText() + "\"" + soft, 201)
            .path("id")
            .asText();
    made("PATCH", "/api/budgets/" + budget, "{\"usd\":\"8\"}", 200);
    made("GET", "/api/budgets?on=" + key.path("id").asText(), "", 200);
    made("DELETE", "/api/budgets/" + budget, "", 204);
    String most = ",\"kind\":\"requests\",\"max\":900,\"per\":\"day\"}";
    String limit =
        made("POST", "/api/limits", "{\"on\":\"" + key.path("id").asText() + "\"" + most, 201)
            .path("id")
            .asText();
    made("PATCH", "/api/limits/" + limit, "{\"max\":800}", 200);
    made("DELETE", "/api/limits/" + limit, "", 204);
    // Somebody the other tenant has invited as well, and somebody who is a member there.
    invited("guest-%s@example.com".formatted(Things.CANARY));
    invited(theirs.id("email"));
    made("PATCH", path, "{\"name\":\"other\"}", 200);
    made("POST", path + "/rotate", "{}", 200);
    made("POST", path + "/revoke", "{}", 200);
    made("DELETE", "/api/credentials/" + stored.path("id").asText(), "", 204);
    for (String list :
        List.of(
            "/api/keys",
            "/api/projects",
            "/api/credentials",
            "/api/providers",
            "/api/models",
            "/api/policy/rules",
            "/api/limits",
            "/api/team/members",
            "/api/team/invitations",
            "/api/audit?action=credential.create",
            "/api/audit?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z",
            "/api/usage/attempts",
            "/api/usage?by=key")) {
      made("GET", list, "", 200);
    }
    String first = heard(events);
    // What was missed since then is told again.
    heard(events(first));
    return faults;
  }

  /// Makes, edits and removes a thing of the other's name.
  private void named(String list, String body, String kind)
      throws IOException, InterruptedException {
    String id = theirs.id(kind);
    made("POST", list, body.replace("%s", id), 201);
    String edit =
        kind.equals("model") ? "{\"targets\":[\"local/else\"]}" : "{\"models\":[\"own\"]}";
    made("PATCH", list + "/" + id, edit, 200);
    made("DELETE", list + "/" + id, "", 204);
  }

  private JsonNode made(String method, String path, String body, int expected)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = owner.send(method, path, body);
    if (answer.statusCode() != expected) {
      faults.add(
          "%s %s: %d %s (expected: %d)"
              .formatted(method, path, answer.statusCode(), answer.body(), expected));
    }
    if (tells(answer.body())) {
      faults.add("read by %s %s: %s".formatted(method, path, answer.body()));
    }
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  /// Its own thing, asked for what names the other's: as if that were not there.
  private void refused(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = owner.send(method, theirs.in(path), theirs.in(body));
    HttpResponse<String> other = owner.send(method, nobodys.in(path), nobodys.in(body));
    if (answer.statusCode() < 400
        || answer.statusCode() != other.statusCode()
        || !theirs.without(answer.body()).equals(nobodys.without(other.body()))) {
      faults.add(
          "%s %s %s: %d %s%n  but for an id that is not there: %d %s"
              .formatted(
                  method,
                  path,
                  body,
                  answer.statusCode(),
                  answer.body(),
                  other.statusCode(),
                  other.body()));
    }
  }

  private void called(String what, String key, int expected)
      throws IOException, InterruptedException {
    int status = world.byKey(key, "POST", "/v1/chat/completions", CHAT).statusCode();
    if (status != expected) {
      faults.add("%s: %d (expected: %d)".formatted(what, status, expected));
    }
  }

  private void invited(String email) throws IOException, InterruptedException {
    String guest = "{\"email\":\"%s\",\"role\":\"viewer\"}".formatted(email);
    HttpResponse<String> invited = owner.send("POST", "/api/team/invitations", guest);
    if (invited.statusCode() != 201) {
      faults.add("an invitation of somebody of the other's: " + invited.body());
    }
    String invitation = JSON.readTree(invited.body()).path("id").asText();
    owner.send("DELETE", "/api/team/invitations/" + invitation, "");
  }

  /// @param last where the stream is to go on
  private HttpResponse<InputStream> events(String last) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(
                world.url().resolve("/api/events?organization=" + owner.organizationId()))
            .timeout(Duration.ofSeconds(30))
            .header("sec-fetch-site", "same-origin")
            .header("cookie", owner.cookie())
            .header("last-event-id", last)
            .build(),
        BodyHandlers.ofInputStream());
  }

  /// Reads until the last of the own acts was told.
  ///
  /// @return the id of the first of them
  private String heard(HttpResponse<InputStream> events) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] some = new byte[8192];
    long begin = System.nanoTime();
    try (InputStream stream = events.body()) {
      while (!all.toString().contains("\"credential.delete\"")) {
        // A heartbeat ends each wait: what is never told must not be waited for for ever.
        int bytes = stream.read(some);
        if (bytes < 0 || System.nanoTime() - begin > TOLD_MAX.toNanos()) {
          faults.add("the events ended, or do not tell: " + all);
          return "";
        }
        all.append(new String(some, 0, bytes, StandardCharsets.US_ASCII));
      }
    }
    if (tells(all.toString())) {
      faults.add("heard: " + all);
    }
    int id = all.indexOf("id: ");
    return id < 0 ? "" : all.substring(id + 4, all.indexOf("\n", id));
  }

  /// Whether something of theirs stands in it, but for the names both have.
  private boolean tells(String text) {
    return theirs.standIn(text.replace(theirs.id("provider"), "").replace(theirs.id("model"), ""));
  }
}
