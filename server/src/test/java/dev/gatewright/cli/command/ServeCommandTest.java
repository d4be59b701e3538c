package dev.gatewright.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ServeCommandTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "serve --port 0",
        "serve --port=0 --host 0.0.0.0 --data /data",
        "serve --config=a=b.yaml --planes both --delay 5s --grace 30s",
      })
  void reads_plain_words_as_picocli_does(String line) {
    List<String> words = List.of(line.split(" "));
    assertThat(ServeCommand.plain(words)).isEqualTo(byPicocli(words));
  }

  @Test
  void reads_every_option_itself() {
    for (OptionSpec option : new CommandLine(serve(new Asked())).getCommandSpec().options()) {
      List<String> words = List.of("serve", option.longestName(), "x");
      assertThat(ServeCommand.plain(words)).isEqualTo(byPicocli(words)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keys list",
        "serve --help",
        "serve -h",
        "serve now",
        "serve --port",
        "serve --port --host x",
        "serve --port=",
        "serve --port 1 --port 2",
        "serve --unknown 1",
        "serve --port @file",
        "serve @file",
      })
  void leaves_all_else_to_picocli(String line) {
    assertThat(ServeCommand.plain(List.of(line.split(" ")))).isNull();
  }

  private static @Nullable Map<String, String> byPicocli(List<String> words) {
    Asked asked = new Asked();
    new CommandLine(serve(asked)).execute(words.subList(1, words.size()).toArray(String[]::new));
    return asked.flags.isEmpty() ? null : asked.flags.getFirst();
  }

  private static ServeCommand serve(Asked asked) {
    return new ServeCommand(
        new Terminal(
            new BufferedReader(Reader.nullReader()),
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()),
            Map.of(),
            false),
        asked);
  }

  private static final class Asked implements Installation {
    private final List<Map<String, String>> flags = new ArrayList<>();

    @Override
    public void judge(ConfigSources sources) {}

    @Override
    public String version() {
      return "test";
    }

    @Override
    public int serve(Map<String, String> given, Terminal terminal) {
      flags.add(given);
      return 0;
    }
  }
}
