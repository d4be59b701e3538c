package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls from the console's pages: as a key, without its text.
class PlaygroundTokenTest {
  private static final String TOKEN = "/api/playground/token";

  @TempDir Path folder;
  private LocalGate gate;
  private TestPerson owner;

  @BeforeEach
  void start() throws Exception {
    gate = LocalGate.start(GateSetup.in(folder));
    owner = TestPerson.owner(gate);
  }

  @AfterEach
  void stop() {
    gate.close();
  }

  private static String asks(String id) {
    return "{\"key_id\":\"" + id + "\"}";
  }

  private String key(TestPerson by, String kind) throws Exception {
    String body = "{\"name\":\"k\",\"kind\":\"" + kind + "\"}";
    return by.call("POST", "/api/keys", body, 201).path("id").asText();
  }

  @Test
  void who_may_change_a_key_calls_as_it_and_the_chain_says_so() throws Exception {
    String id = key(owner, "test");
    JsonNode lent = owner.call("POST", TOKEN, asks(id), 201);
    assertThat(lent.path("token").asText()).startsWith("gwo_");
    JsonNode entries = owner.call("GET", "/api/audit?action=key.lend", "", 200).path("data");
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).path("object").asText()).isEqualTo(id);

    owner.call("POST", "/api/keys/" + id + "/revoke", "{}", 200);
    owner.call("POST", TOKEN, asks(id), 422);
    owner.call("POST", TOKEN, asks("key_none"), 404);
    owner.call("POST", TOKEN, "{}", 422);
    assertThat(owner.call("GET", "/api/audit?action=key.lend", "", 200).path("data")).hasSize(1);
  }

  @Test
  void a_developer_calls_as_the_own_keys_and_a_viewer_as_none() throws Exception {
    String owners = key(owner, "live");
    TestPerson developer = TestPerson.member(gate, owner, "developer");
    TestPerson viewer = TestPerson.member(gate, owner, "viewer");
    assertThat(developer.send("POST", TOKEN, asks(owners)).statusCode()).isIn(403, 404);
    viewer.call("POST", TOKEN, asks(owners), 403);
    assertThat(owner.call("GET", "/api/audit?action=key.lend", "", 200).path("data")).isEmpty();
    assertThat(gate.admin().send("POST", TOKEN, asks(owners)).statusCode()).isEqualTo(403);
  }
}
