package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Credit pays for calls of priced services, where they go out with the platform's credential.
class ServiceWalletTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - { id: voice, preset: kokoro, instances: ["http://127.0.0.1:%1$d"] }
                - { id: free, preset: http, instances: ["http://127.0.0.1:%1$d"], allow: [POST /x] }
              prices:
                entries:
                  - { model: voice/*, meters: { characters: 1/1k } }
              """
                  .formatted(fake.port())));

  private static RawClient.Answer speak(int characters) throws Exception {
    return world.post(
        "/voice/api/v1/audio/speech", "{\"input\":\"%s\"}".formatted("x".repeat(characters)));
  }

  private static JsonNode balance() throws Exception {
    return world.admin().call("GET", "/api/billing/balance", "", 200);
  }

  private static JsonNode bill(RawClient.Answer answer) throws Exception {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    String path = "/api/billing/requests/" + answer.header("x-request-id");
    Await.until(
        "the row",
        Duration.ofSeconds(20),
        () -> world.admin().send("GET", path, "").statusCode() == 200);
    return world.admin().call("GET", path, "", 200);
  }

  @Test
  void wallet_paysForServices_onThePlatformsRungAlone() throws Exception {
    world
        .provider()
        .answer((_, wire) ->
            wire.reply(200, "audio/mpeg", "sound".getBytes(StandardCharsets.US_ASCII)));
    String organization =
        world.admin().call("GET", "/api/organizations", "", 200).at("/data/0/id").asText();
    world
        .admin()
        .call(
            "POST",
            "/api/billing/grants",
            "{\"usd\":\"1\",\"kind\":\"paid\",\"note\":\"x\",\"organization_id\":\"%s\"}"
                .formatted(organization),
            201);
    Await.until("the wallet", Duration.ofSeconds(10), () -> speak(1_500).status() == 402);
    RawClient.Answer refused = speak(1_500);
    assertThat(TestPerson.JSON.readTree(refused.body()).at("/error/code").asText())
        .isEqualTo("insufficient_quota");
    assertThat(refused.header("x-should-retry")).isEqualTo("false");

    JsonNode paid = bill(speak(100));
    assertThat(paid.path("cost").asText()).isEqualTo("0.1");
    assertThat(paid.path("billed").asText()).isEqualTo("0.1");
    assertThat(paid.at("/evidence/0/rung").asText()).isEqualTo("platform");
    Await.until(
        "it is settled",
        Duration.ofSeconds(20),
        () -> balance().path("reserved").asText().equals("0"));
    assertThat(balance().path("available").asText()).isEqualTo("0.9");
    assertThat(bill(world.post("/free/api/x", "{}")).path("billed").asText()).isEqualTo("0");

    // With a credential of its own an organization pays whoever gave it that, and not with credit.
    world
        .admin()
        .call(
            "POST",
            "/api/credentials",
            "{\"provider\":\"voice\",\"kind\":\"service\",\"secret\":\"of-the-organization\"}",
            201);
    Await.until("its own", Duration.ofSeconds(10), () -> speak(1_500).status() == 200);
    JsonNode own = bill(speak(200));
    assertThat(own.at("/evidence/0/rung").asText()).isEqualTo("organization");
    assertThat(own.path("cost").asText()).isEqualTo("0.2");
    assertThat(own.path("billed").asText()).isEqualTo("0");
    assertThat(balance().path("available").asText()).isEqualTo("0.9");
  }
}
