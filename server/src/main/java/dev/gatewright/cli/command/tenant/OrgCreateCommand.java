package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright org create`
@Command(name = "create", description = "Make an organization with a first project.")
final class OrgCreateCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "NAME", description = "What it is called.")
  private String name = "";

  @Option(
      names = "--owner",
      paramLabel = "EMAIL",
      description = "Whose it is to be, who has an account here (default: nobody's yet).")
  private @Nullable String owner;

  OrgCreateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    ObjectNode body = GateClient.JSON.createObjectNode().put("name", name);
    if (owner != null) {
      body.put("owner_id", PersonOf.email(client, owner));
    }
    JsonNode made = client.post("/api/organizations", body);
    if (!output.printed(terminal, made)) {
      terminal.print(Fields.text(made, "id"));
    }
    return ExitCode.OK;
  }
}
