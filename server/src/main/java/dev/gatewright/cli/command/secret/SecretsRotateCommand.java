package dev.gatewright.cli.command.secret;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright secrets rotate`
@Command(
    name = "rotate",
    description = {
      "Change the master key while calls go on; API keys and sessions stay valid.",
      "With DATA/master.key a new one is made, and the former kept as master.key.old. Otherwise put"
          + " the new one into GATEWRIGHT_MASTER_KEY and the former into GATEWRIGHT_MASTER_KEY_OLD"
          + " on every server, restart them, then run this on one. Interrupted, it can be run again."
    })
final class SecretsRotateCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  SecretsRotateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    long rewrapped = 0;
    JsonNode step;
    do {
      step = client.post("/api/secrets/rotate", GateClient.JSON.createObjectNode());
      rewrapped += step.path("rewrapped").asLong();
      if (moving(step)) {
        terminal.say(
            "%d keys wrapped anew, %d to go".formatted(rewrapped, step.path("remaining").asLong()));
      }
    } while (moving(step));
    boolean done = step.path("retiring").isNull();
    if (!output.printed(terminal, step)) {
      terminal.print(
          "%d keys wrapped anew with %s.".formatted(rewrapped, Fields.text(step, "active")));
    }
    terminal.say(
        done
            ? "Nothing needs the former master key any more, but backups made before this: keep it with them."
            : "%s keys are not as they were wrapped; the former master key %s stays until they are put back from a backup or removed."
                .formatted(Fields.text(step, "stuck"), Fields.text(step, "retiring")));
    return done ? ExitCode.OK : ExitCode.REFUSED;
  }

  private static boolean moving(JsonNode step) {
    return !step.path("retiring").isNull()
        && step.path("remaining").asLong() > step.path("stuck").asLong();
  }
}
