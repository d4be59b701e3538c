package dev.gatewright.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// How a new secret is shown: this once, on standard output, and nothing else beside it there.
public final class NewKeyOutput {
  @ArgGroup(exclusive = true)
  private final Form form = new Form();

  static final class Form {
    @Option(names = "--json", description = "Print the key's record, with the key, as JSON.")
    private boolean json;

    @Option(names = "--quiet", description = "Print the key and nothing else.")
    private boolean quiet;
  }

  /// Prints what is no key yet.
  public void printPreview(Terminal terminal, JsonNode reach) {
    if (form.json) {
      terminal.print(reach.toString());
    } else {
      Fields.print(terminal, reach);
    }
  }

  public void print(Terminal terminal, JsonNode made) {
    String key = Fields.text(made, "key");
    if (form.json) {
      terminal.print(made.toString());
      return;
    }
    if (!form.quiet) {
      terminal.say(
          "%s \"%s\" (%s). The key is shown only this once:"
              .formatted(
                  Fields.text(made, "id"), Fields.text(made, "name"), Fields.text(made, "kind")));
    }
    terminal.print(key);
  }
}
