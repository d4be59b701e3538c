package dev.gatewright.cli.command.installation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.store.Stores;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright migrate`
@Command(
    name = "migrate",
    description = {
      "Bring the store's tables up to date, as a start of `serve` does, and end.",
      "SQLite: no server may run on the data folder. PostgreSQL: replicas may go on."
    })
public final class MigrateCommand implements Callable<Integer> {
  @Mixin private final StoreOptions installation = new StoreOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(names = "--dry-run", description = "Say what would run, and change nothing.")
  private boolean dryRun;

  public MigrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    StoreConfig store = installation.store(terminal);
    List<String> versions;
    try {
      versions = dryRun ? Stores.pending(store) : Stores.migrate(store);
    } catch (StoreFailed | DataFolder.Unusable failure) {
      throw new CommandFailed(ExitCode.REFUSED, String.valueOf(failure.getMessage()));
    }
    ObjectNode json = GateClient.JSON.createObjectNode();
    ArrayNode list = json.putArray(dryRun ? "pending" : "applied");
    versions.forEach(list::add);
    if (!output.printed(terminal, json)) {
      terminal.print(
          versions.isEmpty()
              ? "Nothing to do: the tables are up to date."
              : (dryRun ? "Would run: " : "Ran: ") + String.join(", ", versions));
    }
    return ExitCode.OK;
  }
}
