package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Addresses that callers may name, on every route that takes one: none of them reaches this
/// machine or its network, however it is spelled. Names are judged by what they lead to, when they
/// are dialled (`UpstreamDialTest` turns them in between); that nothing else dials is
/// `ArchitectureTest`'s.
class AddressesTest {
  private static final AtomicInteger REACHED = new AtomicInteger();
  private static final List<ServerSocket> CANARIES = new ArrayList<>();
  private static int port;

  @RegisterExtension static final GateWorld world = GateWorld.usual();

  /// Fields of requests that name an address which the gate itself may call. Of a stream's address
  /// it is the room provider that calls it.
  private static final Set<String> ADDRESSES =
      Set.of(
          "patch /api/providers/{id} base_url",
          "post /api/providers base_url",
          "patch /api/webhooks/{id} url",
          "post /api/webhooks url");

  /// What is shown, or held against something, and never called.
  private static final Set<String> NOT_CALLED =
      Set.of("post /api/auth/pairings host", "post /api/policy/explain origin");

  private static final List<String> LITERALS =
      List.of(
          "127.0.0.1",
          "127.1",
          "2130706433",
          "0x7f000001",
          "0x7f.0.0.1",
          "0177.0.0.1",
          "017700000001",
          "127.0.0.1.",
          "0.0.0.0",
          "10.0.0.1",
          "192.168.1.1",
          "172.16.0.1",
          "100.100.100.200",
          "169.254.169.254",
          "[::1]",
          "[::]",
          "[::ffff:127.0.0.1]",
          "[::ffff:7f00:1]",
          "[64:ff9b::7f00:1]",
          "[2002:7f00:1::]",
          "[fd00:ec2::254]",
          "[fe80::1]",
          "[fe80::1%25lo]",
          "user@127.0.0.1",
          "127.0.0.1%2f",
          "%31%32%37.0.0.1",
          "１２７.０.０.１",
          "127。0。0。1",
          "example.com@127.0.0.1",
          "localhost.",
          "127.0.0.1#.example.com",
          "127.0.0.1\\\\.example.com");

  @BeforeAll
  static void listen() throws IOException {
    ServerSocket four = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    port = four.getLocalPort();
    CANARIES.add(four);
    try {
      CANARIES.add(new ServerSocket(port, 50, InetAddress.ofLiteral("::1")));
    } catch (IOException none) {
      // A machine without IPv6 has nothing to reach there.
    }
    for (ServerSocket canary : CANARIES) {
      Thread.startVirtualThread(() -> accept(canary));
    }
  }

  @AfterAll
  static void close() throws IOException {
    for (ServerSocket canary : CANARIES) {
      canary.close();
    }
  }

  private static void accept(ServerSocket canary) {
    while (!canary.isClosed()) {
      try {
        canary.accept().close();
        REACHED.incrementAndGet();
      } catch (IOException closed) {
        // The end of the test.
      }
    }
  }

  @Test
  void every_field_that_takes_an_address_is_tried_here() throws Exception {
    JsonNode document = world.admin().call("GET", "/openapi.json", "", 200);
    Set<String> found = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      if (path.getKey().startsWith("/api/") && !path.getKey().startsWith("/api/rooms")) {
        for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
          JsonNode body = operation.getValue().at("/requestBody/content/application~1json/schema");
          fields(document, body, 0, found, operation.getKey() + " " + path.getKey() + " ");
        }
      }
    }
    found.removeAll(NOT_CALLED);
    assertThat(found).containsExactlyInAnyOrderElementsOf(ADDRESSES);
  }

  private static void fields(
      JsonNode document, JsonNode schema, int depth, Set<String> found, String at) {
    JsonNode itself =
        schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
    if (depth > 6) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : itself.path("properties").properties()) {
      if (field.getKey().matches(".*(url|uri|address|host|endpoint|origin)$")) {
        found.add(at + field.getKey());
      }
      fields(document, field.getValue(), depth + 1, found, at);
    }
    for (String part : List.of("allOf", "oneOf", "anyOf")) {
      itself.path(part).forEach(each -> fields(document, each, depth + 1, found, at));
    }
  }

  @Test
  void no_spelling_reaches_this_machine_or_its_network() throws Exception {
    AdminClient admin = world.admin();
    admin.call(
        "POST", "/api/providers", "{\"id\":\"there\",\"base_url\":\"https://x.example/v1\"}", 201);
    String hook = "{\"url\":\"https://x.example/hook\",\"events\":[\"usage\"]}";
    String id = admin.call("POST", "/api/webhooks", hook, 201).path("id").asText();
    int number = 0;
    for (String host : LITERALS) {
      for (String scheme : List.of("https", "http")) {
        String url = "%s://%s:%d/v1".formatted(scheme, host, port);
        String provider = "{\"id\":\"lab%d\",\"base_url\":\"%s\"}".formatted(number++, url);
        refused(admin.send("POST", "/api/providers", provider).statusCode(), url);
        String edit = "{\"base_url\":\"%s\"}".formatted(url);
        refused(admin.send("PATCH", "/api/providers/there", edit).statusCode(), url);
        String named = "{\"url\":\"%s\",\"events\":[\"usage\"]}".formatted(url);
        refused(admin.send("POST", "/api/webhooks", named).statusCode(), url);
        refused(
            admin
                .send("PATCH", "/api/webhooks/" + id, "{\"url\":\"%s\"}".formatted(url))
                .statusCode(),
            url);
        room("livekit", "{\"api_key\":\"k\",\"api_secret\":\"%s\",\"url\":\"%s\"}", url);
        room("janus", "{\"admin_secret\":\"%s\",\"admin_url\":\"%s\"}", url);
      }
    }
    assertThat(REACHED).hasValue(0);
  }

  private static void refused(int status, String url) {
    assertThat(status).as(url).isBetween(400, 422);
  }

  /// A room's credential names the address itself: it is refused at the latest when it is dialled.
  private static void room(String provider, String form, String url) throws IOException {
    String fields = form.formatted("s".repeat(32), url);
    String auth =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(fields.getBytes(StandardCharsets.UTF_8));
    try (RawClient caller = world.caller()) {
      int status =
          caller
              .send(
                  "POST /v1/rooms HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\nx-provider: %s\r\nx-provider-auth: Bearer %s\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
                      .formatted(world.key(), provider, auth))
              .answer()
              .status();
      assertThat(status).as("%s %s", provider, url).isGreaterThanOrEqualTo(400);
    }
  }

  @Test
  void names_are_judged_by_what_they_lead_to() throws Exception {
    AdminClient admin = world.admin();
    String url = "https://localhost:%d".formatted(port);
    admin.call(
        "POST", "/api/providers", "{\"id\":\"name\",\"base_url\":\"%s\"}".formatted(url), 201);
    String chat = "{\"model\":\"name/x\",\"messages\":[]}";
    assertThat(world.post("/v1/chat/completions", chat).status()).isIn(402, 502);
    String credential =
        "{\"name\":\"c\",\"kind\":\"provider\",\"provider\":\"name\",\"secret\":\"sk-0123456789\"}";
    String stored = admin.call("POST", "/api/credentials", credential, 201).path("id").asText();
    assertThat(world.post("/v1/chat/completions", chat).status()).isEqualTo(502);
    JsonNode check = admin.call("POST", "/api/credentials/" + stored + "/check", "", 200);
    assertThat(check.path("ok").asBoolean()).isFalse();
    String hook = "{\"url\":\"%s/hook\",\"events\":[\"usage\"]}".formatted(url);
    String id = admin.call("POST", "/api/webhooks", hook, 201).path("id").asText();
    admin.send("POST", "/api/webhooks/" + id + "/test", "");
    Await.until(
        "the webhook is tried",
        Duration.ofSeconds(20),
        () ->
            admin
                    .call("GET", "/api/webhooks/" + id + "/deliveries", "", 200)
                    .at("/data/0/attempts")
                    .asInt()
                > 0);
    assertThat(REACHED).hasValue(0);
  }
}
