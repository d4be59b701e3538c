package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gatewright login`, `whoami`, `logout`, and other commands against a server elsewhere.
class RemoteCommandsTest {
  private static final Pattern CODE =
      Pattern.compile("[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}");

  @TempDir private Path folder;

  /// A machine without a server, and a person's home on it.
  private Map<String, String> elsewhere() {
    return Map.of(
        "GATEWRIGHT_DATA", folder.resolve("none").toString(),
        "HOME", folder.toString(),
        "HOSTNAME", "laptop");
  }

  private record Result(int exitCode, String out, String err) {
    JsonNode json() throws Exception {
      assertThat(exitCode).as(err).isZero();
      return new ObjectMapper().readTree(out);
    }
  }

  private Gate gate() throws Exception {
    return LocalGate.start(GateSetup.in(Files.createDirectory(folder.resolve("gate"))));
  }

  private Result run(String input, String... arguments) {
    return run(elsewhere(), input, arguments);
  }

  private static Result run(Map<String, String> environment, String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader(input)),
            new PrintWriter(out),
            new PrintWriter(err),
            environment,
            false);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new NoInstallation());
    return new Result(exitCode, out.toString(), err.toString());
  }

  private Path file() {
    return folder.resolve(".config/gatewright/profiles.json");
  }

  @Test
  void a_person_approves_and_every_command_works_there() throws Exception {
    try (Gate gate = gate()) {
      String url = gate.url().toString();
      TestPerson owner = TestPerson.owner(gate);
      assertThat(run("", "whoami").exitCode()).isEqualTo(ExitCode.NOT_REACHABLE);
      assertThat(run("", "whoami", "--url", url).exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
      assertThat(run("", "keys", "list", "--profile", "x").exitCode())
          .isEqualTo(ExitCode.NOT_SIGNED_IN);
      assertThat(run("", "logout").exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);

      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      CompletableFuture<Integer> login =
          CompletableFuture.supplyAsync(() ->
              GatewrightCommand.run(
                  List.of("login", "--url", url + "/", "--json"),
                  new Terminal(
                      new BufferedReader(new StringReader("")),
                      new PrintWriter(out),
                      new PrintWriter(err),
                      elsewhere(),
                      false),
                  new NoInstallation()));
      String code = shown(err);
      owner.call(
          "POST", "/api/auth/pairings/approve", "{\"user_code\":\"%s\"}".formatted(code), 200);
      assertThat(login.get(30, TimeUnit.SECONDS)).as(err.toString()).isZero();
      JsonNode told = new ObjectMapper().readTree(out.toString());
      assertThat(told.path("name").asText()).isEqualTo("command line on laptop");
      assertThat(told.path("email").asText()).isEqualTo(owner.email());
      assertThat(told.path("profile").asText()).isEqualTo(gate.url().getHost());
      assertThat(out.toString() + err).doesNotContain("gw_admin_");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");

      assertThat(run("", "whoami", "--json").json().path("id")).isEqualTo(told.path("id"));
      assertThat(run("", "keys", "list").out()).contains("command line on laptop");
      assertThat(run("", "models", "--url", url).exitCode()).isZero();
      assertThat(run("", "whoami", "--profile", gate.url().getHost()).out())
          .contains(url, owner.email());

      JsonNode ended = run("", "logout", "--json").json();
      assertThat(ended.path("revoked").asBoolean()).isTrue();
      assertThat(run("", "whoami", "--url", url).exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
      assertThat(gate.admin().send("GET", "/api/keys/" + told.path("id").asText(), "").body())
          .contains("\"state\":\"revoked\"");
    }
  }

  private static String shown(StringWriter err) throws InterruptedException {
    for (int i = 0; i < 2_000; i++) {
      Matcher code = CODE.matcher(err.toString());
      if (code.find()) {
        return code.group();
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new AssertionError("no code: " + err);
  }

  @Test
  void a_token_is_taken_from_standard_input_and_kept_for_its_server_alone() throws Exception {
    try (Gate gate = gate()) {
      String url = gate.url().toString();
      String key = gate.admin().createKey("{\"name\":\"robot\",\"kind\":\"admin\"}").key();
      String live = gate.admin().createKey("{\"name\":\"app\"}").key();
      String[] login = {"login", "--url", url, "--with-token", "--profile", "work"};
      assertThat(run("gw_admin_wrong\n", login).exitCode()).isEqualTo(ExitCode.INVALID_KEY);
      assertThat(run(live + "\n", login).exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(run("", login).exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(file()).doesNotExist();
      Result done = run(key + "\n", login);
      assertThat(done.exitCode()).as(done.err()).isZero();
      assertThat(done.out() + done.err()).doesNotContain(key).contains("robot");

      // The key of one server is never shown to another.
      assertThat(run("", "whoami", "--url", "http://127.0.0.1:1").exitCode())
          .isEqualTo(ExitCode.NOT_SIGNED_IN);
      Map<String, String> named =
          Map.of("HOME", folder.toString(), "GATEWRIGHT_URL", "http://127.0.0.1:1");
      assertThat(run(named, "", "whoami").exitCode()).isEqualTo(ExitCode.NOT_SIGNED_IN);
      assertThat(run(named, "", "whoami", "--url", url).exitCode()).isZero();
      // Where a server runs here, commands go to it unless they say otherwise.
      Map<String, String> here =
          Map.of(
              "HOME", folder.toString(), "GATEWRIGHT_DATA", folder.resolve("gate/data").toString());
      assertThat(run(here, "", "whoami").out()).contains("local");
      assertThat(run(here, "", "whoami", "--profile", "work").out()).contains("robot");
      assertThat(run("", "whoami", "--url", url, "--profile", "work").exitCode())
          .isEqualTo(ExitCode.USAGE);

      JsonNode ended = run("", "logout", "--profile", "work", "--json").json();
      assertThat(ended.path("revoked").asBoolean()).isFalse();
      assertThat(gate.admin().send("GET", "/api/keys", "").body())
          .doesNotContain("revoked_at\":\"");
    }
  }

  @Test
  void a_file_that_others_may_read_and_addresses_that_show_the_key_are_refused() throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(
        file(), "{\"current\":\"a\",\"profiles\":{\"a\":{\"url\":\"http://a\",\"key\":\"k\"}}}");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    Result open = run("", "whoami");
    assertThat(open.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(open.err()).contains("0600").doesNotContain("\"k\"");
    Files.delete(file());
    for (String url : List.of("gate.example.com", "ftp://x", "https://a@b", "http://8.8.8.8")) {
      assertThat(run("k\n", "login", "--url", url, "--with-token").exitCode())
          .as(url)
          .isEqualTo(ExitCode.USAGE);
    }
  }
}
