package dev.gatewright.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Option;

/// How a command shows its result.
public final class OutputOptions {
  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  boolean json() {
    return json;
  }

  /// Prints `result` as JSON if that was asked for; false when it was not.
  public boolean printed(Terminal terminal, JsonNode result) {
    if (json) {
      terminal.print(result.toString());
    }
    return json;
  }
}
