package dev.gatewright.cli.command.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright login-code`
@Command(
    name = "login-code",
    description = {
      "Print the sign-in code somebody just asked for in a browser, on the server's machine.",
      "Ends with 3 when nobody did."
    })
public final class LoginCodeCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "EMAIL", description = "The address that was typed there.")
  private String email = "";

  public LoginCodeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode().put("email", email);
    JsonNode found = server.connect(terminal).post("/api/auth/login-code", body);
    if (!output.printed(terminal, found)) {
      terminal.say(
          "for %s at %s, until %s; in no other browser:"
              .formatted(
                  Fields.text(found, "browser"),
                  Fields.text(found, "address"),
                  Fields.text(found, "expires_at")));
      terminal.print(Fields.text(found, "code"));
    }
    return ExitCode.OK;
  }
}
