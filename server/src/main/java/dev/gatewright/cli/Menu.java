package dev.gatewright.cli;

import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What `gatewright` alone offers to a person at a terminal.
final class Menu {
  private static final Map<String, List<String>> CHOICES = new LinkedHashMap<>();
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  static {
    choice("1", "make a key", "keys", "create", "--name");
    choice("2", "list keys", "keys", "list");
    choice("3", "models", "models");
    choice("4", "usage of the last 7 days", "usage");
    choice("5", "all commands", "--help");
  }

  private final Terminal terminal;
  private final Consumer<List<String>> run;

  /// @param run carries out a command line
  Menu(Terminal terminal, Consumer<List<String>> run) {
    this.terminal = terminal;
    this.run = run;
  }

  private static void choice(String key, String words, String... arguments) {
    CHOICES.put(key, List.of(arguments));
    WORDS.put(key, words);
  }

  /// Asks until the person leaves.
  int ask() throws IOException {
    terminal.say("Gatewright. `gatewright serve` starts the server. What shall it be?");
    while (true) {
      WORDS.forEach((key, words) -> terminal.say("  %s  %s".formatted(key, words)));
      terminal.say("  q  leave");
      String answer = terminal.in().readLine();
      if (answer == null || answer.strip().equals("q")) {
        return ExitCode.OK;
      }
      List<String> arguments = CHOICES.get(answer.strip());
      if (arguments == null) {
        terminal.say("%s (expected: 1 … %d, or q)".formatted(answer.strip(), CHOICES.size()));
      } else if (arguments.getLast().equals("--name")) {
        make(arguments);
      } else {
        run.accept(arguments);
      }
    }
  }

  private void make(List<String> arguments) throws IOException {
    terminal.say("What do you call the key?");
    String name = terminal.in().readLine();
    if (name != null && !name.isBlank()) {
      run.accept(Stream.concat(arguments.stream(), Stream.of(name.strip())).toList());
    }
  }
}
