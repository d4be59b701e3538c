package dev.gatewright.cli.command.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright services list`
@Command(name = "list", description = "List the services: health, queue, models loaded, latency.")
final class ServicesListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  ServicesListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode all = server.connect(terminal).get("/api/services");
    if (!output.printed(terminal, all)) {
      ServiceRows rows = new ServiceRows();
      all.path("data").forEach(rows::add);
      rows.print(terminal);
    }
    return ExitCode.OK;
  }
}
