package dev.gatewright.cli.command.secret;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright secrets status`
@Command(
    name = "status",
    description = {
      "Master keys by fingerprint, and how many keys each wraps.",
      "Ends with 5 when the server is sealed: the master key it was given is not the store's."
    })
final class SecretsStatusCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  SecretsStatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode secrets = server.connect(terminal).get("/api/secrets");
    boolean open = Fields.text(secrets, "state").equals("open");
    if (!output.printed(terminal, secrets)) {
      TextTable table = new TextTable("MASTER KEY", "STATE", "WRAPS", "AT HAND", "SINCE");
      for (JsonNode key : secrets.path("master_keys")) {
        table.row(
            Fields.text(key, "id"),
            Fields.text(key, "state"),
            Fields.text(key, "wraps"),
            key.path("at_hand").asBoolean() ? "yes" : "no",
            Fields.text(key, "created_at"));
      }
      table.print(terminal);
    }
    if (!open) {
      terminal.say("sealed: " + Fields.text(secrets, "reason"));
    }
    return open ? ExitCode.OK : ExitCode.REFUSED;
  }
}
