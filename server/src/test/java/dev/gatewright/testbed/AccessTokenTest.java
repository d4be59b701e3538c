package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.telemetry.Time;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Short-lived tokens for keys, by OAuth's client credentials.
class AccessTokenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOKEN = "/api/auth/token";
  private static final String INTROSPECT = "/api/auth/token/introspect";

  private final AtomicLong passedMillis = new AtomicLong();
  private final AtomicInteger addresses = new AtomicInteger();
  private final Time time =
      new Time(
          () -> Instant.now().plusMillis(passedMillis.get()),
          () -> System.nanoTime() + passedMillis.get() * 1_000_000);

  @TempDir Path folder;
  private LocalGate gate;
  private AdminClient.Key key;

  @BeforeEach
  void start() throws Exception {
    gate = LocalGate.start(GateSetup.in(folder).settings("trusted-proxies: [127.0.0.1]"), time);
    key = gate.admin().liveKey("k");
  }

  @AfterEach
  void stop() {
    gate.close();
  }

  private static String form(String... fields) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      form.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return form.toString();
  }

  private static String grant(AdminClient.Key key) {
    return form(
        "grant_type", "client_credentials", "client_id", key.id(), "client_secret", key.key());
  }

  private HttpResponse<String> post(String path, String form, String... headers) throws Exception {
    String[] all = new String[headers.length + 4];
    System.arraycopy(headers, 0, all, 0, headers.length);
    int address = addresses.incrementAndGet();
    all[headers.length] = "content-type";
    all[headers.length + 1] = "application/x-www-form-urlencoded";
    all[headers.length + 2] = "x-forwarded-for";
    all[headers.length + 3] = "198.51.100." + address % 250;
    return TestPerson.stranger(gate).send("POST", path, form, all);
  }

  private String token(AdminClient.Key of) throws Exception {
    HttpResponse<String> answer = post(TOKEN, grant(of));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.path("token_type").asText()).isEqualTo("Bearer");
    assertThat(json.path("expires_in").asInt()).isEqualTo(600);
    return json.path("access_token").asText();
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    return TestPerson.stranger(gate)
        .send("GET", path, "", "authorization", "Bearer " + token, "x-forwarded-for", "");
  }

  @Test
  void a_token_works_as_its_key_and_ends_with_it() throws Exception {
    String token = token(key);
    JsonNode status = JSON.readTree(get("/status", token).body());
    assertThat(status.path("id").asText()).isEqualTo(key.id());
    AdminClient.Key admin = gate.admin().createKey("{\"name\":\"a\",\"kind\":\"admin\"}");
    assertThat(get("/api/keys", token(admin)).statusCode()).isEqualTo(200);
    assertThat(get("/api/keys", token).statusCode()).isEqualTo(403);
    gate.admin().revoke(key.id());
    Await.until(
        "the token ends", Duration.ofSeconds(1), () -> get("/status", token).statusCode() == 401);
    assertThat(active(admin, token)).isFalse();
  }

  @Test
  void a_token_ends_after_ten_minutes() throws Exception {
    String token = token(key);
    passedMillis.addAndGet(Duration.ofMinutes(10).plusSeconds(1).toMillis());
    Await.until(
        "news are new",
        Duration.ofSeconds(20),
        () -> get("/status", key.key()).statusCode() == 200);
    assertThat(get("/status", token).statusCode()).isEqualTo(401);
    assertThat(active(key, token)).isFalse();
  }

  @Test
  void a_token_changed_in_any_place_is_none() throws Exception {
    String token = token(key);
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String forged = token.substring(0, i) + other + token.substring(i + 1);
      // The code's last character has bits that count for nothing to base64, but all count here.
      assertThat(get("/status", forged).statusCode()).as(forged).isIn(401, 429);
    }
    for (String text :
        new String[] {"gwo_", "gwo____", token + "A", token.substring(1), "gwo_x_y_z_"}) {
      assertThat(get("/status", text).statusCode()).as(text).isIn(401, 429);
    }
  }

  private boolean active(AdminClient.Key by, String token) throws Exception {
    HttpResponse<String> answer =
        post(INTROSPECT, form("token", token, "client_id", by.id(), "client_secret", by.key()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).path("active").asBoolean();
  }

  @Test
  void introspection_tells_keys_of_the_organization_alone() throws Exception {
    String token = token(key);
    AdminClient.Key beside = gate.admin().liveKey("beside");
    HttpResponse<String> answer =
        post(INTROSPECT, form("token", token), "authorization", basic(beside.id(), beside.key()));
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.path("active").asBoolean()).as(answer.body()).isTrue();
    assertThat(json.path("client_id").asText()).isEqualTo(key.id());
    assertThat(json.path("exp").asLong() - json.path("iat").asLong()).isEqualTo(600);
    JsonNode other = gate.admin().call("POST", "/api/organizations", "{\"name\":\"Other\"}", 201);
    AdminClient.Key foreign = gate.admin().in(other.path("id").asText()).liveKey("f");
    assertThat(active(foreign, token)).isFalse();
    assertThat(active(key, "gwo_nothing")).isFalse();
    assertThat(active(key, key.key())).isFalse();
  }

  private static String basic(String id, String secret) {
    return "Basic "
        + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void errors_have_the_form_of_oauth() throws Exception {
    AdminClient.Key other = gate.admin().liveKey("other");
    String grant = "grant_type=client_credentials";
    String[][] cases = {
      {"", "400", "invalid_request"},
      {form("client_id", key.id()), "400", "invalid_request"},
      {grant + "&" + grant(key), "400", "invalid_request"},
      {grant + "&a=%zz", "400", "invalid_request"},
      {"grant_type=password&username=a&password=b", "400", "unsupported_grant_type"},
      {grant(key) + "&scope=all", "400", "invalid_scope"},
      {grant, "401", "invalid_client"},
      {form("grant_type", "client_credentials", "client_id", key.id()), "401", "invalid_client"},
      {grant(new AdminClient.Key(key.id(), other.key())), "401", "invalid_client"},
      {grant(new AdminClient.Key(key.id(), "x")), "401", "invalid_client"},
      {grant(new AdminClient.Key(key.id(), token(key))), "401", "invalid_client"},
      {grant(new AdminClient.Key("key_local", key.key())), "401", "invalid_client"},
    };
    for (String[] each : cases) {
      HttpResponse<String> answer = post(TOKEN, each[0]);
      assertThat(answer.statusCode()).as(each[0]).isEqualTo(Integer.parseInt(each[1]));
      assertThat(JSON.readTree(answer.body()).path("error").asText())
          .as(each[0])
          .isEqualTo(each[2]);
      assertThat(answer.body()).doesNotContain(key.key());
    }
    HttpResponse<String> refused = post(TOKEN, grant);
    assertThat(refused.headers().firstValue("www-authenticate"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("Basic"));
    assertThat(post(TOKEN, grant, "authorization", basic(key.id(), key.key())).statusCode())
        .isEqualTo(200);
    assertThat(post(TOKEN, grant(key), "authorization", basic(key.id(), key.key())).statusCode())
        .isEqualTo(401);
    HttpResponse<String> json =
        TestPerson.stranger(gate).send("POST", TOKEN, "{\"grant_type\":\"client_credentials\"}");
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(post(TOKEN, "a=" + "x".repeat(9000)).statusCode()).isEqualTo(413);
  }
}
