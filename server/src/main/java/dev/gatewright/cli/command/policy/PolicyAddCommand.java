package dev.gatewright.cli.command.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright policy add`
@Command(
    name = "add",
    description = {
      "Add a rule. It holds within a second, for calls that run already, too.",
      "Of one layer and type: deny wins, and one --allow denies whatever no --allow names."
    })
final class PolicyAddCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RuleOptions rule = new RuleOptions();
  private final Terminal terminal;

  PolicyAddCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode added = server.connect(terminal).post("/api/policy/rules", rule.body());
    if (!output.printed(terminal, added)) {
      Fields.print(terminal, added);
    }
    return ExitCode.OK;
  }
}
