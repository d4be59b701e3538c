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
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright credentials replace`
@Command(
    name = "replace",
    description = {
      "Put the key on standard input in place of the stored one, once the provider has taken it.",
      "Where it does not, the one before stays (exit code 5)."
    })
final class CredentialsReplaceCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final CredentialId id = new CredentialId();
  @Mixin private final SecretInput secret = new SecretInput();
  private final Terminal terminal;

  CredentialsReplaceCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    String path = id.path() + "/secret";
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("secret", secret.read(terminal));
    JsonNode after = server.connect(terminal).call("PUT", path, body, Map.of());
    if (!output.printed(terminal, after)) {
      terminal.print(Fields.text(after, "id") + "  " + Fields.text(after, "fingerprint"));
    }
    return ExitCode.OK;
  }
}
