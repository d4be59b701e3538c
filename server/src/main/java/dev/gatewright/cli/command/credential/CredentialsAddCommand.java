package dev.gatewright.cli.command.credential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright credentials add`
@Command(
    name = "add",
    description = "Store a provider's key, read from standard input; it is never shown again.")
final class CredentialsAddCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final SecretInput secret = new SecretInput();
  private final Terminal terminal;

  @Option(
      names = "--provider",
      required = true,
      description = "The id of the provider or service it is for.")
  private String provider = "";

  @Option(names = "--kind", description = "provider (the default), service or room.")
  private String kind = "provider";

  @Option(names = "--name", description = "What you call it; the provider's id without it.")
  private @Nullable String name;

  @Option(
      names = "--project",
      description = "For this project alone (prj_…); without it for the whole organization.")
  private @Nullable String project;

  CredentialsAddCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("provider", provider);
    body.put("kind", kind);
    if (name != null) {
      body.put("name", name);
    }
    if (project != null) {
      body.put("project_id", project);
    }
    body.put("secret", secret.read(terminal));
    JsonNode made = server.connect(terminal).post("/api/credentials", body);
    if (!output.printed(terminal, made)) {
      terminal.print(Fields.text(made, "id"));
    }
    return ExitCode.OK;
  }
}
