package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Webhooks with the product running and somebody who listens.
class WebhooksTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) -> setup.settings("network: { allow: [127.0.0.0/8] }"));

  private WebhookReceiver receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = new WebhookReceiver();
  }

  @AfterEach
  void forget() throws Exception {
    for (JsonNode each : api("GET", "/api/webhooks", "", 200).get("data")) {
      api("DELETE", "/api/webhooks/" + each.get("id").asText(), "");
    }
    receiver.close();
  }

  private static JsonNode api(String method, String path, String body, int status)
      throws Exception {
    return world.admin().call(method, path, body, status);
  }

  private static HttpResponse<String> api(String method, String path, String body)
      throws Exception {
    return world.admin().send(method, path, body);
  }

  private JsonNode made(String path, String events) throws Exception {
    return api(
        "POST",
        "/api/webhooks",
        "{\"url\":\"%s\",\"events\":%s}".formatted(receiver.url(path), events),
        201);
  }

  private static JsonNode deliveries(JsonNode webhook) throws Exception {
    String path = "/api/webhooks/" + webhook.get("id").asText() + "/deliveries";
    return api("GET", path, "", 200).get("data");
  }

  private static String signature(String secret, WebhookReceiver.Got got)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
    String signed =
        got.header("webhook-id") + "." + got.header("webhook-timestamp") + "." + got.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_receiver_is_told_signed_and_once_what_it_wants_to_know() throws Exception {
    JsonNode webhook = made("/ok?x=1", "[\"key.revoke\"]");
    String secret = webhook.get("secret").asText();
    String shown = api("GET", "/api/webhooks/" + webhook.get("id").asText(), "", 200).toString();
    assertThat(shown).doesNotContain("secret\"", secret).contains("enabled");
    AdminClient.Key key = world.admin().liveKey("canary-of-webhooks");
    world.admin().revoke(key.id());
    Await.until("it is told", SOON, () -> !receiver.at("/ok?x=1").isEmpty());
    WebhookReceiver.Got got = receiver.at("/ok?x=1").getFirst();
    assertThat(got.header("webhook-signature")).isEqualTo(signature(secret, got));
    JsonNode body = JSON.readTree(got.body());
    assertThat(body.get("id").asText()).isEqualTo(got.header("webhook-id")).startsWith("evt_");
    assertThat(body.get("type").asText()).isEqualTo("key.revoke");
    assertThat(body.get("object").asText()).isEqualTo(key.id());
    assertThat(body.at("/data/actor").asText()).isEqualTo("local");
    assertThat(got.body()).doesNotContain(key.key(), secret);
    Await.until(
        "it is delivered",
        SOON,
        () -> deliveries(webhook).at("/0/state").asText().equals("delivered"));
    assertThat(deliveries(webhook)).hasSize(1);
    assertThat(receiver.at("/ok?x=1")).hasSize(1);
  }

  @Test
  void a_new_secret_signs_beside_the_old_one_and_what_was_sent_can_be_sent_again()
      throws Exception {
    JsonNode webhook = made("/ok", "[\"usage\"]");
    String path = "/api/webhooks/" + webhook.get("id").asText();
    String second = api("POST", path + "/rotate", "{}", 200).get("secret").asText();
    JsonNode sent = api("POST", path + "/test", "{}", 201);
    assertThat(sent.get("type").asText()).isEqualTo("webhook.test");
    Await.until("it is told", SOON, () -> !receiver.at("/ok").isEmpty());
    WebhookReceiver.Got got = receiver.at("/ok").getFirst();
    assertThat(got.header("webhook-signature").split(" "))
        .containsExactly(signature(second, got), signature(webhook.get("secret").asText(), got));
    Await.until(
        "it is delivered",
        SOON,
        () -> deliveries(webhook).at("/0/state").asText().equals("delivered"));
    String again = path + "/deliveries/" + sent.get("id").asText() + "/resend";
    api("POST", again, "{}", 200);
    Await.until("it is told again", SOON, () -> receiver.at("/ok").size() == 2);
    assertThat(receiver.at("/ok").getLast().header("webhook-id"))
        .isEqualTo(got.header("webhook-id"));
    assertThat(api("POST", again.replace("dlv_", "dlv_f"), "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void a_failure_is_tried_again_a_redirect_is_none_and_who_is_gone_is_disabled() throws Exception {
    JsonNode broken = made("/500", "[\"usage\"]");
    JsonNode moved = made("/moved", "[\"usage\"]");
    JsonNode gone = made("/410", "[\"usage\"]");
    for (JsonNode each : List.of(broken, moved, gone)) {
      api("POST", "/api/webhooks/" + each.get("id").asText() + "/test", "{}", 201);
    }
    Await.until("the second try", SOON, () -> receiver.at("/500").size() >= 2);
    Await.until("the second try", SOON, () -> receiver.at("/moved").size() >= 2);
    assertThat(receiver.at("/ok")).isEmpty();
    JsonNode waiting = deliveries(broken).get(0);
    assertThat(waiting.get("state").asText()).isEqualTo("waiting");
    assertThat(waiting.get("problem").asText()).contains("status 500");
    String path = "/api/webhooks/" + gone.get("id").asText();
    Await.until(
        "it is disabled",
        SOON,
        () -> api("GET", path, "", 200).get("state").asText().equals("failing"));
    assertThat(api("POST", path + "/test", "{}").statusCode()).isEqualTo(409);
    assertThat(api("PATCH", path, "{\"enabled\":true}", 200).get("state").asText())
        .isEqualTo("enabled");
  }

  @Test
  void a_receiver_that_answers_never_keeps_nobody_waiting() throws Exception {
    JsonNode slow = made("/never", "[\"key\"]");
    JsonNode quick = made("/ok", "[\"key\"]");
    for (int i = 0; i < 12; i++) {
      world.admin().liveKey("k" + i);
    }
    Await.until("all are told", SOON, () -> receiver.at("/ok").size() >= 12);
    assertThat(receiver.at("/never")).hasSizeBetween(1, 4);
    assertThat(deliveries(quick)).hasSize(12);
    assertThat(deliveries(slow)).hasSize(12);
  }

  @Test
  void says_what_is_wrong() throws Exception {
    String good = receiver.url("/ok");
    for (String[] bad :
        new String[][] {
          {"{\"events\":[\"key\"]}", "/url"},
          {"{\"url\":\"%s\"}".formatted(good), "/events"},
          {"{\"url\":\"%s\",\"events\":[]}".formatted(good), "/events"},
          {"{\"url\":\"%s\",\"events\":[\"kye\"]}".formatted(good), "/events/0"},
          {"{\"url\":\"ftp://x\",\"events\":[\"key\"]}", "/url"},
          {"{\"url\":\"http://169.254.169.254/latest\",\"events\":[\"key\"]}", "/url"},
          {"{\"url\":\"https://10.0.0.1/x\",\"events\":[\"key\"]}", "/url"},
          {"{\"url\":\"https://u:p@x.example/\",\"events\":[\"key\"]}", "/url"},
          {"{\"url\":\"https://x.example/#f\",\"events\":[\"key\"]}", "/url"}
        }) {
      HttpResponse<String> answer = api("POST", "/api/webhooks", bad[0]);
      assertThat(answer.statusCode()).as(bad[0]).isEqualTo(422);
      assertThat(JSON.readTree(answer.body()).at("/error/param").asText())
          .as(bad[0])
          .isEqualTo(bad[1]);
    }
    for (int i = 0; i < 20; i++) {
      made("/ok", "[\"usage\"]");
    }
    HttpResponse<String> more =
        api("POST", "/api/webhooks", "{\"url\":\"%s\",\"events\":[\"key\"]}".formatted(good));
    assertThat(more.statusCode()).isEqualTo(409);
    JsonNode page = api("GET", "/api/webhooks?limit=15", "", 200);
    assertThat(page.get("data")).hasSize(15);
    assertThat(
            api("GET", "/api/webhooks?cursor=" + page.get("next_cursor").asText(), "", 200)
                .get("data"))
        .hasSize(5);
  }

  @Test
  void an_admin_key_with_rules_makes_none_and_a_change_must_have_seen_the_last() throws Exception {
    AdminClient.Key narrow =
        world
            .admin()
            .createKey(
                "{\"name\":\"n\",\"kind\":\"admin\",\"rules\":[{\"effect\":\"allow\",\"type\":\"models\",\"values\":[\"fast\"]}]}");
    try (RawClient caller = world.caller()) {
      caller.post(
          "/api/webhooks",
          narrow.key(),
          "{\"url\":\"%s\",\"events\":[\"key\"]}".formatted(receiver.url("/ok")));
      assertThat(caller.answer().status()).isEqualTo(403);
    }
    JsonNode webhook = made("/ok", "[\"usage\"]");
    String path = "/api/webhooks/" + webhook.get("id").asText();
    assertThat(api("PATCH", path, "{\"note\":\"n\",\"events\":[\"*\"]}", 200).get("note").asText())
        .isEqualTo("n");
    assertThat(api("PATCH", path, "{\"secret\":\"x\"}").statusCode()).isEqualTo(422);
  }

  private record Result(int exitCode, String out, String err) {}

  private static Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader("")),
            new PrintWriter(out),
            new PrintWriter(err),
            Map.of("GATEWRIGHT_DATA", world.data().toString()),
            false);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new NoInstallation());
    return new Result(exitCode, out.toString(), err.toString());
  }

  @Test
  void every_command() throws Exception {
    Result added = run("webhooks", "add", receiver.url("/ok"), "--events", "key,balance");
    assertThat(added.exitCode()).as(added.err()).isZero();
    String id = added.out().split(" ")[0].strip();
    assertThat(added.out()).contains("whk_", "whsec_", "shown once");
    assertThat(run("webhooks", "list").out()).contains(id, "enabled").doesNotContain("whsec_");
    assertThat(run("webhooks", "test", id).exitCode()).isZero();
    Await.until("it is told", SOON, () -> !receiver.at("/ok").isEmpty());
    Await.until(
        "it is delivered",
        SOON,
        () -> run("webhooks", "deliveries", id).out().contains("delivered"));
    String delivery =
        JSON.readTree(run("webhooks", "deliveries", id, "--json").out()).at("/data/0/id").asText();
    assertThat(run("webhooks", "resend", id, delivery).exitCode()).isZero();
    assertThat(run("webhooks", "rotate", id).out()).contains("whsec_");
    assertThat(run("webhooks", "edit", id, "--to", receiver.url("/x"), "--disable").out())
        .contains("disabled");
    assertThat(run("webhooks", "edit", id).exitCode()).isEqualTo(1);
    assertThat(run("webhooks", "remove", id).exitCode()).isZero();
    assertThat(run("webhooks", "remove", id).exitCode()).isEqualTo(3);
    assertThat(run("webhooks", "test", "../keys").exitCode()).isEqualTo(1);
  }
}
