package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /api/tickets` is the one resource under `/api` that a live key reaches.
class TicketApiTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private static RawClient.Answer ask(String method, String path, String key, String body)
      throws IOException {
    try (RawClient caller = world.caller()) {
      return caller.request(method, path, key, body.getBytes(StandardCharsets.UTF_8)).answer();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"service\":\"chat\",\"ttl\":\"60s\"}", "{\"ttl\":5}"})
  void gives_a_live_key_a_ticket(String body) throws Exception {
    RawClient.Answer answer = ask("POST", "/api/tickets", world.key(), body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.text()).containsPattern("\"ticket\":\"gwt_[0-9A-Za-z]{40}\"");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ttl\":\"61s\"}",
        "{\"ttl\":\"0s\"}",
        "{\"ttl\":-1}",
        "{\"ttl\":\"soon\"}",
        "{\"service\":\"Chat\"}",
        "{\"service\":\"*\"}",
        "{\"key\":\"x\"}",
        "null",
      })
  void refuses_what_does_not_fit(String body) throws Exception {
    assertThat(ask("POST", "/api/tickets", world.key(), body).status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(strings = {"test", "admin"})
  void gives_other_kinds_of_keys_none(String kind) throws Exception {
    String key = world.admin().createKey("{\"name\":\"k\",\"kind\":\"%s\"}".formatted(kind)).key();
    assertThat(ask("POST", "/api/tickets", key, "").status()).isEqualTo(403);
  }

  @Test
  void opens_nothing_else_under_api() throws Exception {
    assertThat(ask("POST", "/api/tickets", "", "").status()).isEqualTo(401);
    assertThat(ask("GET", "/api/tickets", world.key(), "").status()).isEqualTo(405);
    assertThat(ask("POST", "/api/tickets/", world.key(), "").status()).isEqualTo(404);
    assertThat(ask("POST", "/api/keys", world.key(), "{}").status()).isEqualTo(403);
    assertThat(ask("GET", "/api/usage", world.key(), "").status()).isEqualTo(403);
  }
}
