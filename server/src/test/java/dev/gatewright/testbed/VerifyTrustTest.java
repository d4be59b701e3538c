package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.testbed.RawClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `/auth/verify` behind a proxy that is trusted by its address: preflights, throttling by the real
/// caller's address, and what the access log says.
class VerifyTrustTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FAILURES_A_MINUTE = 30;

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              trusted-proxies: [127.0.0.0/8]
              ingress: { allow-preflight: true }
              services:
                - { id: chat, preset: ollama, instances: ["http://127.0.0.1:9"] }
              """));

  private static Answer ask(String path, String key, String... headers) throws IOException {
    try (RawClient caller = world.caller()) {
      return caller.get(path, key, headers).answer();
    }
  }

  @ParameterizedTest
  @CsvSource({"/chat/api/tags, GET, 200", "/chat/api/pull, POST, 403", "/x, GET, 200"})
  void a_trusted_peer_is_believed_without_a_secret(String uri, String method, int status)
      throws Exception {
    Answer answer =
        ask(
            "/auth/verify",
            world.key(),
            "x-forwarded-uri: " + uri,
            "x-forwarded-method: " + method);
    assertThat(answer.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONS, origin: https://a, access-control-request-method: POST, 200",
    "OPTIONS, origin: https://a, x-y: z, 401",
    "OPTIONS, access-control-request-method: POST, x-y: z, 401",
    "GET, origin: https://a, access-control-request-method: POST, 401"
  })
  void a_preflight_passes_where_configured_and_nothing_else_does(
      String method, String one, String other, int status) throws Exception {
    Answer answer =
        ask(
            "/auth/verify/chat",
            "",
            "x-forwarded-uri: /chat/api/tags",
            "x-forwarded-method: " + method,
            one,
            other);
    assertThat(answer.status()).isEqualTo(status);
    if (status == 200) {
      assertThat(answer.header("x-gatewright-key")).isEqualTo("-");
      assertThat(answer.header("x-gatewright-user")).isEqualTo("-");
      assertThat(answer.header("x-gatewright-organization")).isEqualTo("-");
      assertThat(answer.header("x-gatewright-scopes")).isEqualTo("-");
    }
  }

  @Test
  void guesses_from_one_address_end_in_429_and_others_go_on() throws Exception {
    String guesser = "x-forwarded-for: 203.0.113.9";
    List<String> guesses = UnknownKeysTest.someUnknownKeys(FAILURES_A_MINUTE + 1);
    for (String guess : guesses.subList(0, FAILURES_A_MINUTE)) {
      assertThat(ask("/auth/verify/chat", guess, guesser).status()).isEqualTo(401);
    }
    Answer throttled = ask("/auth/verify/chat", guesses.getLast(), guesser);
    assertThat(throttled.status()).isEqualTo(429);
    assertThat(Integer.parseInt(throttled.header("retry-after"))).isBetween(1, 60);
    Answer forNginx = ask("/auth/verify/chat?compat=nginx", guesses.getLast(), guesser);
    assertThat(forNginx.status()).isEqualTo(403);
    assertThat(forNginx.header("x-gatewright-deny")).isEqualTo("rate_limited");
    assertThat(Integer.parseInt(forNginx.header("retry-after"))).isBetween(1, 60);
    Answer other = ask("/auth/verify", guesses.getLast(), "x-forwarded-for: 203.0.113.10");
    assertThat(other.status()).isEqualTo(401);
  }

  /// The shipped filter for fail2ban, held against lines this server writes.
  @Test
  void every_refusal_is_a_line_that_the_shipped_filter_matches() throws Exception {
    String client = "x-forwarded-for: 198.51.100.7";
    List<Answer> refused = new ArrayList<>();
    refused.add(ask("/auth/verify", "gw_live_canary-key", client));
    refused.add(
        ask("/auth/verify/chat", world.key(), client, "x-forwarded-uri: /chat/canary?canary"));
    refused.add(ask("/auth/verify/nobody", world.key(), client, "host: \"client\":\"192.0.2.1\""));
    refused.add(ask("/v1/models", "gw_live_canary-key", client));
    Answer fine = ask("/auth/verify", world.key(), client);

    List<JsonNode> lines = new ArrayList<>();
    Pattern filter = failregex();
    for (Answer each : refused) {
      String line = line(each);
      lines.add(JSON.readTree(line));
      if (each.status() != 400) {
        Matcher matcher = filter.matcher(withoutTime(line));
        assertThat(matcher.find()).describedAs(line).isTrue();
        assertThat(matcher.group("host")).isEqualTo("198.51.100.7");
      }
    }
    assertThat(filter.matcher(withoutTime(line(fine))).find()).isFalse();
    assertThat(lines)
        .extracting(line -> line.get("route").asText())
        .containsExactly(
            "/auth/verify", "/auth/verify/{service}", "/auth/verify/{service}", "/v1/models");
    assertThat(lines)
        .extracting(line -> line.get("status").asInt())
        .containsExactly(401, 403, 400, 401);
    assertThat(lines.get(1).get("reason").asText()).isEqualTo("not_listed");
    assertThat(lines.get(1).get("event").asText()).isEqualTo("auth_denied");
    assertThat(lines.get(1).get("key_id").asText()).startsWith("key_");
    assertThat(lines.toString()).doesNotContain("canary");
  }

  private static String line(Answer answer) throws Exception {
    String id = answer.header("x-request-id");
    Path log = world.data().resolve("access.log");
    Await.until(
        "a line for " + id,
        Duration.ofSeconds(20),
        () -> Files.readString(log).contains("\"" + id + "\""));
    return Files.readString(log).lines().filter(each -> each.contains(id)).findFirst().orElse("");
  }

  /// fail2ban takes the time out of a line before it looks at the rest.
  private static String withoutTime(String line) {
    return line.replaceFirst("\"time\":\"[^\"]*\"", "");
  }

  private static Pattern failregex() throws IOException {
    Path filter = Path.of("../deploy/fail2ban/filter.d/gatewright.conf");
    String regex =
        Files.readString(filter)
            .lines()
            .filter(each -> each.startsWith("failregex = "))
            .findFirst()
            .orElseThrow()
            .substring("failregex = ".length());
    return Pattern.compile(regex.replace("<ADDR>", "(?<host>[0-9a-fA-F:.]+)"));
  }
}
