package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Gatewright;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.telemetry.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gatewright rooms …` against a whole gate, with the operator's credential and with one's own.
class RoomCommandLineTest {
  @TempDir private Path folder;

  record Result(int exitCode, String out, String err) {}

  @Test
  void every_command() throws IOException {
    try (DailyStub daily = new DailyStub()) {
      daily.start();
      String yaml =
          """
          listen: { host: 127.0.0.1, port: 0 }
          metrics: { host: 127.0.0.1, port: 0 }
          rooms: { providers: { daily: { base-url: "%s/v1", allow-private: true, credential: %s } } }
          """
              .formatted(daily.url(), DailyStub.KEY);
      ConfigSources sources = ConfigSources.ofText(yaml).withFlag("data", folder.toString());
      try (Gatewright _ = Gatewright.start(sources, Time.system())) {
        Result plan = rooms(Map.of(), "plan", "--profile", "broadcast", "--json");
        assertThat(plan.out()).as(plan.err()).contains("\"owner_only_broadcast\":true");
        assertThat(rooms(Map.of(), "plan", "--help").out()).contains("make nothing");
        assertThat(rooms(Map.of(), "create", "--help").out()).doesNotContain("make nothing");

        Result made = rooms(Map.of(), "create", "--name", "cli-1", "--json");
        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.out()).contains("\"name\":\"cli-1\"");
        assertThat(rooms(Map.of(), "get", "cli-1").out()).contains("https://acme.daily.co/cli-1");
        assertThat(rooms(Map.of(), "list").out()).contains("cli-1").contains("active");
        assertThat(rooms(Map.of(), "token", "cli-1", "--role", "owner", "--json").out())
            .contains("eyJ.token.of-daily");
        assertThat(rooms(Map.of(), "create", "--name", "cli-1").exitCode()).isEqualTo(5);
        assertThat(rooms(Map.of(), "delete", "cli-1").exitCode()).isZero();
        assertThat(rooms(Map.of(), "get", "cli-1").exitCode()).isEqualTo(3);
        assertThat(rooms(Map.of(), "create", "--overrides", "{").exitCode()).isEqualTo(1);

        Result wrong = rooms(Map.of("GATEWRIGHT_PROVIDER_AUTH", "not-the-key"), "create");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).doesNotContain("not-the-key");
      }
    }
  }

  private Result rooms(Map<String, String> more, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Map<String, String> environment = new java.util.HashMap<>(more);
    environment.put("GATEWRIGHT_DATA", folder.toString());
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader("")),
            new PrintWriter(out),
            new PrintWriter(err),
            environment,
            false);
    List<String> all = new java.util.ArrayList<>(List.of("rooms"));
    all.addAll(List.of(arguments));
    int exitCode =
        GatewrightCommand.run(
            all,
            terminal,
            new Installation() {
              @Override
              public int serve(Map<String, String> flags, Terminal ignored) {
                throw new AssertionError();
              }

              @Override
              public void judge(ConfigSources sources) {
                throw new AssertionError();
              }

              @Override
              public String version() {
                return "1";
              }
            });
    return new Result(exitCode, out.toString(), err.toString());
  }
}
