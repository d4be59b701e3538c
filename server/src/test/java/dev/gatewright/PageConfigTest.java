package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.testbed.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Configuration that a page shows can be copied: `config check` takes it as it stands there.
class PageConfigTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");

  /// What begins with the name of a file is another program's.
  private static final Pattern OTHERS = Pattern.compile("# \\S+\\.yaml\\b");

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z_]+)}");

  @TempDir private Path folder;

  record Shown(String page, String yaml) {
    @Override
    public String toString() {
      return page + ": " + yaml.lines().findFirst().orElse("");
    }
  }

  static List<Shown> blocks() throws IOException {
    List<Shown> blocks = new ArrayList<>();
    for (Path page : pages()) {
      Matcher block = BLOCK.matcher(Files.readString(page));
      while (block.find()) {
        if (!OTHERS.matcher(block.group(1)).lookingAt()) {
          blocks.add(new Shown(ROOT.relativize(page).toString(), block.group(1)));
        }
      }
    }
    assertThat(blocks).hasSizeGreaterThan(15);
    return blocks;
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String from : List.of("README.md", "docs", "examples")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(from))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void block_of_a_page_is_a_good_file(Shown shown) throws IOException {
    TestCertificate.SHARED.write(folder);
    Files.writeString(folder.resolve("acme.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
    Path file =
        Files.writeString(
            folder.resolve("gatewright.yaml"),
            shown.yaml.replace("/etc/gatewright/", folder + "/"));
    Map<String, String> environment = new HashMap<>();
    REFERENCE
        .matcher(shown.yaml)
        .results()
        .forEach(found -> environment.put(found.group(1), "x".repeat(40)));
    StringWriter said = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader("")),
            new PrintWriter(said),
            new PrintWriter(said),
            environment,
            false);
    int exitCode =
        GatewrightCommand.run(List.of("config", "check", file.toString()), terminal, new Serve());
    assertThat(exitCode).as(said.toString()).isZero();
  }
}
