package dev.gatewright.cli.command.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright services drain`
@Command(
    name = "drain",
    description = {
      "Send an instance no new calls; those it has run to their end.",
      "Lasts until --undo or a restart of the gate."
    })
final class ServicesDrainCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Parameters(index = "0", paramLabel = "SERVICE", description = "Its id.")
  private String id = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INSTANCE",
      description = "Its address as configured; none = all of the service.")
  private @Nullable String instance;

  @Option(names = "--undo", description = "Send it calls again.")
  private boolean undo;

  private final Terminal terminal;

  ServicesDrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    if (instance != null) {
      body.put("instance", instance);
    }
    String service = URLEncoder.encode(id, StandardCharsets.UTF_8);
    String path = "/api/services/" + service + (undo ? "/undrain" : "/drain");
    JsonNode now = server.connect(terminal).post(path, body);
    if (!output.printed(terminal, now)) {
      ServiceRows rows = new ServiceRows();
      rows.add(now);
      rows.print(terminal);
    }
    return ExitCode.OK;
  }
}
