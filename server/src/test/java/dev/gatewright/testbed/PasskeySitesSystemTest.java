package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passkeys in a real Chromium, with an authenticator of its own making, at names of different
/// domains behind a real Caddy: made at one, used there and where it is related, nowhere else.
@Tag("system")
class PasskeySitesSystemTest {
  private static final String ONE = "https://one.test";
  private static final String TWO = "https://two.test";
  private static final String THREE = "https://three.test";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Whatever goes wrong is told by its name.
  private static final String POST =
      """
      const post = async (path, body, csrf) => {
        const answer = await fetch(path, {method: 'POST', body: JSON.stringify(body),
          headers: {'content-type': 'application/json', 'x-csrf-token': csrf || ''}});
        return {status: answer.status, body: await answer.json().catch(() => null)};
      };
      """;

  @TempDir private Path folder;
  private LocalGate gate;
  private Process caddy;
  private Chromium browser;

  @BeforeEach
  void start() throws Exception {
    gate =
        LocalGate.start(
            GateSetup.in(Files.createDirectory(folder.resolve("gate")))
                .settings(
                    """
                    trusted-proxies: [127.0.0.1]
                    public-url: https://one.test
                    auth: { related-origins: ["https://two.test"] }
                    sites:
                      - { host: one.test }
                      - { host: two.test, name: The Second }
                      - { host: three.test }
                    """));
    int port = freePort();
    caddy = caddy(port);
    browser =
        new Chromium(
            Files.createDirectory(folder.resolve("browser")),
            "--ignore-certificate-errors",
            "--host-resolver-rules=MAP *.test:443 127.0.0.1:" + port);
    Await.until("caddy answers", PATIENCE, this::reached);
    browser.command("WebAuthn.enable");
    browser.command(
        "WebAuthn.addVirtualAuthenticator",
        (com.fasterxml.jackson.databind.node.ObjectNode)
            TestPerson.JSON.readTree(
                """
                {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
                  "hasUserVerification": true, "isUserVerified": true,
                  "automaticPresenceSimulation": true}}\
                """));
  }

  private boolean reached() throws Exception {
    try {
      browser.open(ONE + "/docs");
      return browser.run("document.title").asText().length() > 0;
    } catch (AssertionError notYet) {
      return false;
    }
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    caddy.destroy();
    caddy.waitFor();
    gate.close();
  }

  private Process caddy(int port) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("Caddyfile"),
            """
            {
              admin off
              skip_install_trust
              auto_https disable_redirects
              https_port %d
            }
            one.test, two.test, three.test {
              tls internal
              reverse_proxy 127.0.0.1:%d
            }
            """
                .formatted(port, gate.url().getPort()));
    ProcessBuilder command =
        new ProcessBuilder("caddy", "run", "--adapter", "caddyfile", "--config", file.toString());
    command
        .environment()
        .putAll(
            Map.of(
                "HOME", folder.toString(),
                "XDG_DATA_HOME", folder.toString(),
                "XDG_CONFIG_HOME", folder.toString()));
    return command
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("caddy.log").toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private JsonNode page(String script) throws Exception {
    return browser.run("(async () => {" + POST + script + "})()");
  }

  /// Signs in by a code in the browser's page.
  private String signedIn(String email) throws Exception {
    assertThat(
            page("return await post('/api/auth/code', {email: '" + email + "'});").path("status"))
        .hasToString("202");
    String code =
        gate.admin()
            .call("POST", "/api/auth/login-code", "{\"email\":\"" + email + "\"}", 200)
            .path("code")
            .asText();
    JsonNode session =
        page(
            "return await post('/api/auth/session', {email: '%s', code: '%s'});"
                .formatted(email, code));
    assertThat(session.path("status").asInt()).as(session.toString()).isEqualTo(201);
    return session.at("/body/csrf_token").asText();
  }

  private static final String GET =
      """
      const options = await post('/api/auth/passkeys/sign-in/options', {});
      if (options.status !== 200) return options;
      const credential = await navigator.credentials.get(
        {publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.body)});
      return await post('/api/auth/passkeys/sign-in', {credential: credential.toJSON()});
      """;

  @Test
  void a_passkey_works_at_its_own_name_and_at_related_ones_alone() throws Exception {
    TestPerson owner = TestPerson.owner(gate);
    String csrf = signedIn(owner.email());
    JsonNode made =
        page(
            """
            const csrf = '%s';
            const options = await post('/api/auth/passkeys/options', {}, csrf);
            if (options.status !== 200) return options;
            const credential = await navigator.credentials.create(
              {publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.body)});
            return await post('/api/auth/passkeys', {credential: credential.toJSON()}, csrf);
            """
                .formatted(csrf));
    assertThat(made.path("status").asInt()).as(made.toString()).isEqualTo(201);
    assertThat(made.at("/body/rp_id").asText()).isEqualTo("one.test");
    page(
        "return (await fetch('/api/auth/session', {method: 'DELETE',"
            + " headers: {'x-csrf-token': '"
            + csrf
            + "'}})).status;");
    JsonNode here = page(GET);
    assertThat(here.path("status").asInt()).as(here.toString()).isEqualTo(201);
    assertThat(here.at("/body/person/id").asText()).isEqualTo(owner.id());

    // A related name, by the console's own button; its cookie is not the first one's.
    browser.open(TWO + "/console/");
    String button =
        "[...document.querySelectorAll('button')].find(b => b.textContent === 'Use a passkey')";
    Await.until("the sign-in page", PATIENCE, () -> browser.run("!!" + button).asBoolean());
    Await.until(
        "the site's name",
        PATIENCE,
        () -> browser.run("document.title").asText().contains("The Second"));
    browser.run(button + ".click()");
    Await.until(
        "signed in",
        PATIENCE,
        () -> browser.run("document.body.innerText").asText().contains(owner.email()));
    assertThat(browser.run("fetch('/api/auth/session').then(a => a.status)").asInt())
        .isEqualTo(200);

    // One that is not related: neither the gate nor the browser has anything of it.
    browser.open(THREE + "/docs");
    JsonNode none = page(GET);
    assertThat(none.path("status").asInt()).as(none.toString()).isEqualTo(409);
    String tried =
        browser
            .run(
                "navigator.credentials.get({publicKey: {challenge: new Uint8Array(32),"
                    + " rpId: 'one.test', userVerification: 'required'}})"
                    + ".then(() => 'given', e => e.name)")
            .asText();
    assertThat(tried).isEqualTo("SecurityError");
  }
}
