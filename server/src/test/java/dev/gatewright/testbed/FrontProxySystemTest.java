package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.FrontProxy.Answer;
import dev.gatewright.testbed.SeenRequest.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The shipped configurations on Debian's Caddy and nginx (`apt-get install caddy nginx-light`), in
/// front of a gate that takes nobody but them.
@Tag("system")
class FrontProxySystemTest {
  private static final String SECRET = "secret-of-the-edge";
  private static final int FAILURES_A_MINUTE = 30;

  private static final String[] FORGED = {
    "X-Gatewright-Key: forged",
    "X-Gatewright-User: forged",
    "X-Gatewright-Organization: forged",
    "X-GATEWRIGHT-SCOPES: forged",
    "X-Gatewright-Edge: forged",
    "X-Forwarded-For: 203.0.113.66",
    "X-Forwarded-Method: GET",
    "X-Forwarded-Uri: /chat/api/tags",
    "X-Original-Url: /chat/api/tags"
  };

  enum Kind {
    CADDY,
    NGINX;

    FrontProxy start(Path folder, int gate, int backend) throws Exception {
      return switch (this) {
        case CADDY -> FrontProxy.caddy(folder, gate, backend, SECRET);
        case NGINX -> FrontProxy.nginx(folder, gate, backend, SECRET);
      };
    }
  }

  /// Gate, proxy, and a backend for each: so that probes of the gate do not count as calls.
  private record World(
      FakeProvider backend, FakeProvider behind, LocalGate gate, FrontProxy proxy, String key)
      implements AutoCloseable {
    static World start(Kind kind, Path folder) throws Exception {
      FakeProvider backend = FakeProvider.start();
      FakeProvider behind = FakeProvider.start();
      behind.next(Collections.nCopies(200, Answers.json(200, "{}")).toArray(Script[]::new));
      String services =
          """
          trusted-proxies: [127.0.0.1/32]
          edge: { secrets: [%s], required: true }
          services:
            - { id: chat, preset: ollama, instances: ["http://127.0.0.1:%d"] }
            - { id: tts, preset: piper, instances: ["http://127.0.0.1:%d"] }
          """
              .formatted(SECRET, behind.port(), behind.port());
      LocalGate gate = LocalGate.start(GateSetup.usual(folder, behind).settings(services));
      Path proxyFolder = Files.createDirectories(folder.resolve("proxy"));
      FrontProxy proxy = kind.start(proxyFolder, gate.port(), backend.port());
      String key =
          gate.admin().createKey("{\"name\":\"k\",\"user\":\"Ada\",\"services\":[\"chat\"]}").key();
      return new World(backend, behind, gate, proxy, key);
    }

    @Override
    public void close() throws IOException {
      proxy.close();
      gate.close();
      backend.close();
      behind.close();
    }
  }

  @TempDir private Path folder;

  private static String[] with(String key, String... headers) {
    String[] all = List.of(headers).toArray(new String[headers.length + 1]);
    all[headers.length] = "Authorization: Bearer " + key;
    return all;
  }

  private static List<String> names(SeenRequest seen) {
    return seen.headers().stream().map(Header::name).map(n -> n.toLowerCase(Locale.ROOT)).toList();
  }

  @ParameterizedTest
  @EnumSource
  void asked_by_the_proxy_the_gate_s_word_alone_reaches_the_backend(Kind kind) throws Exception {
    try (World world = World.start(kind, folder)) {
      world.backend().next(Answers.json(200, "{\"models\":[]}"));
      // nginx passes an X-Original-Url on to nobody; Caddy asks with it, and the gate would refuse
      // what disagrees: here it agrees.
      Answer answer = world.proxy().asking("GET", "/chat/api/tags", with(world.key(), FORGED));
      assertThat(answer.status()).describedAs(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("models");
      SeenRequest seen = world.backend().take();
      assertThat(seen.target()).isEqualTo("/api/tags");
      assertThat(seen.header("x-gatewright-user")).isEqualTo("Ada");
      assertThat(seen.header("x-gatewright-key")).startsWith("key_");
      assertThat(seen.header("x-gatewright-organization")).startsWith("org_");
      assertThat(seen.header("x-gatewright-scopes")).isEqualTo("chat:use");
      assertThat(seen.headers().stream().map(Header::value)).doesNotContain("forged", SECRET);
      assertThat(names(seen))
          .doesNotHaveDuplicates()
          .doesNotContain("authorization", "x-gatewright-edge");

      world.backend().next(Answers.json(200, "{}"));
      assertThat(world.proxy().asking("GET", "/chat/api/v1/models", with(world.key())).status())
          .isEqualTo(200);
      assertThat(world.backend().take().target()).isEqualTo("/v1/models");
    }
  }

  @ParameterizedTest
  @EnumSource
  void names_with_underscores_reach_no_backend(Kind kind) throws Exception {
    try (World world = World.start(kind, folder)) {
      world.backend().next(Answers.json(200, "{}"));
      Answer answer =
          world
              .proxy()
              .asking(
                  "GET",
                  "/chat/api/tags",
                  with(
                      world.key(),
                      "X_Gatewright_User: forged",
                      "x-gatewright_key: forged",
                      "X_GATEWRIGHT-SCOPES: forged"));
      assertThat(answer.status()).describedAs(answer.body()).isEqualTo(200);
      SeenRequest seen = world.backend().take();
      assertThat(seen.headers().stream().map(Header::value)).doesNotContain("forged");
      assertThat(seen.header("x-gatewright-user")).isEqualTo("Ada");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_the_gate_refuses_reaches_no_backend(Kind kind) throws Exception {
    try (World world = World.start(kind, folder)) {
      FrontProxy proxy = world.proxy();
      Answer none = proxy.asking("GET", "/chat/api/tags");
      assertThat(none.status()).isEqualTo(401);
      assertThat(none.headers().get("www-authenticate")).startsWith("Bearer");
      String[] key = with(world.key());
      assertThat(proxy.asking("DELETE", "/chat/api/delete", key).status()).isEqualTo(403);
      assertThat(proxy.asking("POST", "/chat/api/pull", key).status()).isEqualTo(403);
      assertThat(proxy.asking("GET", "/tts/api/voices", key).status()).isEqualTo(403);
      for (String odd :
          List.of(
              "/chat/api/%70ull",
              "/chat/api//pull",
              "/chat/api/v1/../pull",
              "/chat/api/tags/%2e%2e/pull",
              "/CHAT/api/pull",
              "/chat%2fapi/pull",
              "/chat/%61pi/tags",
              "//chat/api/tags")) {
        Answer answer = proxy.asking("POST", odd, key);
        assertThat(answer.status()).describedAs(odd).isIn(400, 403, 404);
      }
      assertThat(world.backend().count()).isZero();
    }
  }

  /// Caddy hands a reset on to clients that do not read once sending fails; nginx to nobody.
  @ParameterizedTest
  @EnumSource
  void a_refused_upload_is_heard_of(Kind kind) throws Exception {
    try (World world = World.start(kind, folder)) {
      for (RefusedUpload client :
          kind == Kind.NGINX ? RefusedUpload.values() : new RefusedUpload[] {RefusedUpload.CURL}) {
        assertThat(
                client.heard(folder, world.proxy().url() + "/v1/chat/completions", "gw_live_bad"))
            .describedAs("%s behind %s", client, kind)
            .isEqualTo(Collections.nCopies(RefusedUpload.TIMES, "401"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_throttled_caller_gets_429_with_retry_after(Kind kind) throws Exception {
    try (World world = World.start(kind, folder)) {
      List<String> guesses = UnknownKeysTest.someUnknownKeys(FAILURES_A_MINUTE + 1);
      for (String guess : guesses.subList(0, FAILURES_A_MINUTE)) {
        assertThat(world.proxy().asking("GET", "/chat/api/tags", with(guess)).status())
            .isEqualTo(401);
      }
      for (boolean inline : new boolean[] {false, true}) {
        String[] guess = with(guesses.getLast());
        Answer answer =
            inline
                ? world.proxy().inline("GET", "/v1/models", guess)
                : world.proxy().asking("GET", "/chat/api/tags", guess);
        assertThat(answer.status()).describedAs(answer.body()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.headers().get("retry-after"))).isBetween(1, 60);
        assertThat(answer.body()).contains("rate_limit_error");
      }
      assertThat(world.backend().count()).isZero();
      assertFail2banFinds(folder.resolve("data"));
    }
  }

  /// What fail2ban itself makes of the shipped filter and the log of this very gate.
  private void assertFail2banFinds(Path data) throws Exception {
    Path out = folder.resolve("fail2ban.txt");
    Process process =
        new ProcessBuilder(
                "fail2ban-regex",
                data.resolve("access.log").toString(),
                Path.of("..", "deploy", "fail2ban", "filter.d", "gatewright.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(out)).containsPattern("Lines: \\d+ lines, 0 ignored, [1-9]");
  }

  @ParameterizedTest
  @EnumSource
  void inline_everything_goes_through_the_gate_and_nothing_past_it(Kind kind) throws Exception {
    try (World world = World.start(kind, folder)) {
      String[] key = with(world.key(), FORGED);
      Answer models = world.proxy().inline("GET", "/v1/models", key);
      assertThat(models.status()).describedAs(models.body()).isEqualTo(200);
      assertThat(models.body()).contains("fast");
      Await.until(
          "an answer of the service behind the gate",
          Duration.ofSeconds(60),
          () -> world.proxy().inline("GET", "/chat/api/tags", key).status() == 200);
      SeenRequest seen =
          world.behind().seen().stream()
              .filter(each -> each.target().equals("/api/tags"))
              .findFirst()
              .orElseThrow();
      assertThat(seen.headers().stream().map(Header::value))
          .doesNotContain("forged", SECRET, "Bearer " + world.key());
      // Neither the questions of front proxies nor the portal are for the world.
      assertThat(world.proxy().inline("GET", "/auth/verify", key).status()).isEqualTo(404);
      assertThat(world.proxy().inline("GET", "/api/keys", key).status()).isEqualTo(404);
      // Past the proxy, even from the same machine and with a good key.
      try (RawClient direct = world.gate().caller()) {
        assertThat(direct.get("/v1/models", world.key()).answer().status()).isEqualTo(403);
      }
      try (RawClient direct = world.gate().caller()) {
        assertThat(direct.get("/auth/verify", world.key()).answer().status()).isEqualTo(403);
      }
    }
  }
}
