package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.config.ConfigSources;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.server.SMTPServer;

/// Canaries: each secret the portal deals in is used, well and badly, and then looked for in
/// everything the gate leaves behind: database, WAL, files, logs, metrics, refusals, mails.
class CanariesTest {
  private static final String SMTP_PASSWORD = "canary-of-the-mail-server";
  private static final String STORED = "sk-canary-stored-4f1c";
  private static final String REPLACED = "sk-canary-replaced-77aa";
  private static final String HEADER = "sk-canary-header-90d2";
  private static final String OIDC_SECRET = "canary-of-the-identity-provider";
  private static final String LAB = "canary-of-the-own-provider";
  private static final Pattern CODE = Pattern.compile("(?m)^([0-9A-HJKMNP-TV-Z]{8})\\s*$");

  /// Where a secret is kept for the machine's own use, by itself and unreadable for others.
  private static final Set<String> KEEPERS =
      Set.of("master.key", "master.key.old", "server.json", "setup-link");

  private final Map<String, String> canaries = new LinkedHashMap<>();
  private final List<String> refusals = new ArrayList<>();
  private final List<String> mails = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;

  private Path data() {
    return folder.resolve("gate/data");
  }

  @Test
  void no_secret_of_the_portal_is_left_anywhere() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("dev.gatewright");
    Level level = ours.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    ours.setLevel(Level.DEBUG);
    Map<String, String> left = new LinkedHashMap<>();
    try (FakeProvider provider = FakeProvider.start();
        FakeStripe stripe = new FakeStripe()) {
      SMTPServer smtp = mailServer();
      try {
        use(provider, stripe, smtp.getPortAllocated(), left);
      } finally {
        smtp.stop();
      }
    } finally {
      root.detachAppender(log);
      ours.setLevel(level);
    }
    for (ILoggingEvent event : List.copyOf(log.list)) {
      String thrown =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      left.merge("logs", event.getFormattedMessage() + thrown + "\n", String::concat);
    }
    left.put("refusals", String.join("\n", refusals));
    assertThat(left.keySet()).contains("gatewright.db", "gatewright.db-wal", "logs", "metrics");
    assertThat(left.get("gatewright.db") + left.get("gatewright.db-wal"))
        .contains("ana@example.com");
    assertThat(canaries).hasSizeGreaterThan(24);
    left.forEach((where, text) ->
        canaries.forEach((name, canary) ->
            assertThat(text.contains(canary)).as("%s in %s", name, where).isFalse()));
    for (String mail : mails) {
      canaries.forEach((name, canary) ->
          assertThat(mail.contains(canary) && !name.startsWith("mailed "))
              .as("%s in the mail %s", name, mail)
              .isFalse());
    }
  }

  private SMTPServer mailServer() {
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .authenticationHandlerFactory(
                new EasyAuthenticationHandlerFactory((user, password, context) ->
                    assertThat(user + password).isEqualTo("gate" + SMTP_PASSWORD)))
            .messageHandler(
                (context, from, to, bytes) -> mails.add(new String(bytes, StandardCharsets.UTF_8)))
            .build();
    server.start();
    return server;
  }

  private void use(FakeProvider provider, FakeStripe stripe, int smtpPort, Map<String, String> left)
      throws Exception {
    canaries.put("Stripe key", FakeStripe.KEY);
    canaries.put("Stripe webhook secret", FakeStripe.WEBHOOK_SECRET);
    canaries.put("OIDC client secret", OIDC_SECRET);
    canaries.put("own provider's header", LAB);
    canaries.put("smtp password", SMTP_PASSWORD);
    canaries.put("stored credential", STORED);
    canaries.put("credential in its place", REPLACED);
    canaries.put("header", HEADER);
    GateSetup setup =
        GateSetup.usual(folder.resolve("gate"), provider)
            .settings(
                "sign-up: open\nmail: { smtp: 'smtp://localhost:%d', tls: none, user: gate, password: %s, from: gate@gate.test }"
                    .formatted(smtpPort, SMTP_PASSWORD))
            .settings(
                "payments: { stripe: { key: %s, webhook-secret: %s, base-url: '%s' } }"
                    .formatted(FakeStripe.KEY, FakeStripe.WEBHOOK_SECRET, stripe.url()))
            .settings(
                "auth: { oidc: [{ id: corp, issuer: 'http://127.0.0.1:%d', client-id: gate, client-secret: %s, allow-private: true }] }"
                    .formatted(FakeProvider.refusedPort(), OIDC_SECRET));
    int metrics = FakeProvider.refusedPort();
    ConfigSources sources =
        ConfigSources.ofText(setup.config()).withFlag("metrics.port", "" + metrics);
    try (Gate gate = LocalGate.start(sources, setup.data())) {
      masterKey("first master key");
      TestPerson owner = claim(gate);
      keys(gate, owner, provider);
      credentials(gate, owner);
      tokens(gate, owner);
      pairing(gate, owner);
      webhooks(gate, owner);
      ownProvider(gate, owner);
      payments(gate, owner, stripe);
      refused(TestPerson.stranger(gate), "GET", "/api/auth/oidc/corp/start", "");
      TestPerson bob = byMail(gate);
      invitation(gate, owner, bob);
      keep("owner's", owner);
      keep("bob's", bob);
      look(metrics, left);
    }
    Files.move(data().resolve("master.key"), data().resolve("master.key.old"));
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    String old = Files.readString(data().resolve("master.key.old"));
    Files.writeString(
        data().resolve("master.key"),
        old.contains("=")
            ? Base64.getEncoder().encodeToString(fresh)
            : Base64.getUrlEncoder().withoutPadding().encodeToString(fresh));
    Files.setPosixFilePermissions(
        data().resolve("master.key"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    try (Gate gate = LocalGate.start(sources, setup.data())) {
      masterKey("second master key");
      gate.admin().call("POST", "/api/secrets/rotate", "", 200);
      look(metrics, left);
    }
  }

  private void masterKey(String name) throws Exception {
    canaries.put(name, Files.readString(data().resolve("master.key")).strip());
  }

  private TestPerson claim(Gate gate) throws Exception {
    String token = TestPerson.setupToken(gate);
    canaries.put("set-up token", token);
    TestPerson owner = TestPerson.stranger(gate);
    String body = "{\"token\":\"%s\",\"email\":\"ana@example.com\",\"organization\":\"A\"}";
    refused(owner, "POST", "/api/auth/setup", body.formatted(token + "x"));
    refused(owner, "POST", "/api/auth/setup", "{\"token\":\"%s\",\"wrong\":1}".formatted(token));
    owner.begun(owner.send("POST", "/api/auth/setup", body.formatted(token)), 201);
    refused(TestPerson.stranger(gate), "POST", "/api/auth/setup", body.formatted(token));
    return owner;
  }

  private void keys(Gate gate, TestPerson owner, FakeProvider provider) throws Exception {
    String[] once = {"idempotency-key", "the-same"};
    JsonNode made = owner.call("POST", "/api/keys", "{\"name\":\"k\"}", 201, once);
    String key = made.path("key").asText();
    canaries.put("key made with Idempotency-Key", key.split("_")[3]);
    assertThat(owner.send("POST", "/api/keys", "{\"name\":\"k\"}", once).body())
        .doesNotContain(key.split("_")[3]);
    refused(owner, "POST", "/api/keys", "{\"name\":\"other\"}", once);
    refused(owner, "GET", "/api/keys", "", "authorization", "Bearer " + key);
    try (RawClient caller = gate.caller()) {
      String chat = "{\"model\":\"fast\",\"messages\":[]}";
      RawClient.Answer good =
          caller
              .post("/v1/chat/completions", key, chat, "x-provider-auth: Bearer " + HEADER)
              .answer();
      assertThat(good.status()).as(good.text()).isEqualTo(200);
    }
    assertThat(provider.take().headers().toString()).contains(HEADER);
    try (RawClient caller = gate.caller()) {
      String chat = "{\"model\":\"nothing\",\"messages\":[]}";
      refusals.add(
          caller
              .post("/v1/chat/completions", key, chat, "x-provider-auth: Bearer " + HEADER)
              .answer()
              .text());
    }
  }

  private void credentials(Gate gate, TestPerson owner) throws Exception {
    String body = "{\"name\":\"c\",\"kind\":\"provider\",\"provider\":\"%s\",\"secret\":\"%s\"}";
    HttpResponse<String> made =
        owner.send("POST", "/api/credentials", body.formatted("local", STORED));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    refusals.add(made.body());
    refused(owner, "POST", "/api/credentials", body.formatted("local", STORED));
    refused(owner, "POST", "/api/credentials", body.formatted("nobody-knows", STORED));
    String id = TestPerson.JSON.readTree(made.body()).path("id").asText();
    String secret = "{\"secret\":\"%s\"}".formatted(REPLACED);
    refusals.add(owner.send("PUT", "/api/credentials/" + id + "/secret", secret).body());
    refusals.add(owner.send("POST", "/api/credentials/" + id + "/check", "{}").body());
    refusals.add(gate.admin().send("GET", "/api/credentials", "").body());
  }

  /// Tokens that stand for keys: of the key's own holder, and of the console's pages.
  private void tokens(Gate gate, TestPerson owner) throws Exception {
    JsonNode made = owner.call("POST", "/api/keys", "{\"name\":\"t\",\"kind\":\"test\"}", 201);
    String key = made.path("key").asText();
    String id = made.path("id").asText();
    canaries.put("key that a token stands for", key.split("_")[3]);
    String grant = "grant_type=client_credentials&client_id=%s&client_secret=%s";
    String[] form = {"content-type", "application/x-www-form-urlencoded"};
    TestPerson program = TestPerson.stranger(gate);
    HttpResponse<String> given =
        program.send("POST", "/api/auth/token", grant.formatted(id, key), form);
    assertThat(given.statusCode()).as(given.body()).isEqualTo(200);
    String token = TestPerson.JSON.readTree(given.body()).path("access_token").asText();
    canaries.put("access token", secretOf(token));
    refused(program, "POST", "/api/auth/token", grant.formatted(id, key + "x"), form);
    refused(program, "GET", "/api/keys", "", "authorization", "Bearer " + token);
    refused(program, "GET", "/api/keys", "", "authorization", "Bearer " + token + "x");
    String asked = "{\"key_id\":\"%s\"}".formatted(id);
    String lent = owner.call("POST", "/api/playground/token", asked, 201).path("token").asText();
    canaries.put("console's token", secretOf(lent));
    refused(program, "GET", "/api/keys", "", "authorization", "Bearer " + lent);
  }

  /// What follows the prefix that says what it is.
  private static String secretOf(String token) {
    assertThat(token).startsWith("gwo_").hasSizeGreaterThan(40);
    return token.substring("gwo_".length());
  }

  private void pairing(Gate gate, TestPerson owner) throws Exception {
    TestPerson program = TestPerson.stranger(gate);
    JsonNode begun = program.call("POST", "/api/auth/pairings", "{\"host\":\"laptop\"}", 201);
    String device = begun.path("device_code").asText();
    canaries.put("device code", device);
    canaries.put("user code", begun.path("user_code").asText());
    String code = "{\"user_code\":\"%s\"}".formatted(begun.path("user_code").asText());
    owner.call("POST", "/api/auth/pairings/show", code, 200);
    owner.call("POST", "/api/auth/pairings/approve", code, 200);
    String poll = "{\"device_code\":\"%s\"}".formatted(device);
    String key = program.call("POST", "/api/auth/pairings/token", poll, 200).path("key").asText();
    assertThat(key).startsWith("gw_admin_");
    canaries.put("paired command line's key", key.split("_")[3]);
    refused(program, "POST", "/api/auth/pairings/token", poll);
    refused(owner, "POST", "/api/auth/pairings/approve", code);
    refusals.add(gate.admin().send("GET", "/api/keys", "").body());
  }

  private void webhooks(Gate gate, TestPerson owner) throws Exception {
    String body = "{\"url\":\"https://x.example/hook\",\"events\":[\"key.create\"]}";
    JsonNode made = owner.call("POST", "/api/webhooks", body, 201);
    String path = "/api/webhooks/" + made.path("id").asText();
    canaries.put("webhook secret", made.path("secret").asText());
    canaries.put(
        "webhook secret in its place",
        owner.call("POST", path + "/rotate", "{}", 200).path("secret").asText());
    assertThat(canaries.get("webhook secret")).startsWith("whsec_").hasSizeGreaterThan(30);
    owner.send("POST", path + "/test", "{}");
    refused(owner, "PATCH", path, "{\"url\":\"https://127.0.0.1/\"}");
    refusals.add(gate.admin().send("GET", path, "").body());
    refusals.add(gate.admin().send("GET", path + "/deliveries", "").body());
  }

  private void ownProvider(Gate gate, TestPerson owner) throws Exception {
    String body =
        "{\"id\":\"%s\",\"base_url\":\"https://x.example/v1\",\"headers\":{\"x-lab\":\"%s\"}}";
    HttpResponse<String> made = owner.send("POST", "/api/providers", body.formatted("lab", LAB));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    refusals.add(made.body());
    refused(owner, "POST", "/api/providers", body.formatted("lab", LAB));
    refused(owner, "POST", "/api/providers", body.formatted("UPPER", LAB));
    refusals.add(gate.admin().send("GET", "/api/providers", "").body());
  }

  private void payments(Gate gate, TestPerson owner, FakeStripe stripe) throws Exception {
    JsonNode begun = owner.call("POST", "/api/billing/topups", "{\"usd\":\"5\"}", 201);
    assertThat(stripe.posts("/v1/checkout/sessions")).isNotEmpty();
    String intent = stripe.pay(begun.path("url").asText(), 0);
    String event = stripe.event("evt_1", "checkout.session.completed", intent);
    refused(
        TestPerson.stranger(gate),
        "POST",
        "/api/billing/webhooks/stripe",
        event,
        "stripe-signature",
        "t=1,v1=00");
    refusals.add(owner.send("GET", "/api/billing/topups", "").body());
  }

  private TestPerson byMail(Gate gate) throws Exception {
    TestPerson bob = TestPerson.stranger(gate);
    bob.call("POST", "/api/auth/code", "{\"email\":\"bob@example.com\"}", 202);
    Await.until("the mail", Duration.ofSeconds(20), () -> mailed(CODE) != null);
    String code = Objects.requireNonNull(mailed(CODE));
    canaries.put("mailed code", code);
    String body = "{\"email\":\"bob@example.com\",\"code\":\"%s\"}";
    refused(bob, "POST", "/api/auth/session", "{\"email\":\"\",\"code\":\"%s\"}".formatted(code));
    refused(TestPerson.stranger(gate), "POST", "/api/auth/session", body.formatted(code));
    bob.begun(bob.send("POST", "/api/auth/session", body.formatted(code)), 201);
    refused(bob, "POST", "/api/auth/step-up", "{\"code\":\"%s\"}".formatted(code));
    return bob;
  }

  private @Nullable String mailed(Pattern what) {
    for (String mail : mails) {
      Matcher found = what.matcher(mail);
      if (found.find()) {
        return found.group(1);
      }
    }
    return null;
  }

  private void invitation(Gate gate, TestPerson owner, TestPerson bob) throws Exception {
    String body = "{\"email\":\"bob@example.com\",\"role\":\"viewer\"}";
    String link = owner.call("POST", "/api/team/invitations", body, 201).path("link").asText();
    String token = link.substring(link.indexOf('#') + 1);
    assertThat(token).hasSizeGreaterThan(20);
    canaries.put("mailed invitation", token);
    String accept = "{\"token\":\"%s\"}".formatted(token);
    refused(owner, "POST", "/api/team/invitations/accept", accept);
    assertThat(bob.send("POST", "/api/team/invitations/accept", accept).statusCode())
        .isLessThan(300);
    refusals.add(bob.send("POST", "/api/team/invitations/accept", accept).body());
    refusals.add(gate.admin().send("GET", "/api/team/invitations?state=accepted", "").body());
  }

  private void keep(String whose, TestPerson person) throws Exception {
    canaries.put(whose + " csrf token", person.csrf());
    refused(person, "POST", "/api/keys", "{}", "x-csrf-token", person.csrf() + "x");
    refused(person, "GET", "/api/nothing", "");
    person
        .cookies()
        .forEach((name, value) -> {
          if (value.length() > 20) {
            canaries.put(whose + " cookie " + name, value);
          }
        });
  }

  private void refused(
      TestPerson person, String method, String path, String body, String... headers)
      throws Exception {
    HttpResponse<String> answer = person.send(method, path, body, headers);
    assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isGreaterThanOrEqualTo(400);
    refusals.add(answer.body());
  }

  /// What can be read of a running gate.
  private void look(int metrics, Map<String, String> left) throws Exception {
    HttpRequest scrape =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics + "/metrics")).build();
    String text = HttpClient.newHttpClient().send(scrape, BodyHandlers.ofString()).body();
    assertThat(text).contains("gatewright_");
    left.merge("metrics", text, String::concat);
    try (Stream<Path> files = Files.walk(data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = String.valueOf(file.getFileName());
        if (!KEEPERS.contains(name)) {
          left.merge(name, Files.readString(file, StandardCharsets.ISO_8859_1), String::concat);
        }
      }
    }
  }
}
