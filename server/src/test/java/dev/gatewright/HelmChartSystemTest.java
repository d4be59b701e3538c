package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.DeployFilesTest.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The chart, judged and filled in by Helm itself: built by `go install` into `target/` (a minute
/// or more, once).
@Tag("system")
class HelmChartSystemTest {
  private static final String MODULE = "helm.sh/helm/v3/cmd/helm@v3.19.0";
  private static final Path FOLDER = Path.of("target/helm").toAbsolutePath();
  private static final Path CHART = Path.of("../deploy/helm/gatewright");
  private static final Path MADE = Path.of("src/test/resources/deploy/helm");

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    if (!Files.isExecutable(FOLDER.resolve("helm"))) {
      ProcessBuilder go = new ProcessBuilder("go", "install", MODULE).inheritIO();
      go.environment().put("GOBIN", FOLDER.toString());
      Process built = go.start();
      assertThat(built.waitFor(15, TimeUnit.MINUTES)).isTrue();
      assertThat(built.exitValue()).as("go install " + MODULE).isZero();
    }
  }

  @Test
  void helm_finds_nothing_to_complain_of() throws Exception {
    for (Path values :
        List.of(CHART.resolve("values.yaml"), MADE.resolve("everything.values.yaml"))) {
      Ran lint = helm("lint", "--strict", CHART.toString(), "-f", values.toString());
      assertThat(lint.code()).as(lint.text()).isZero();
    }
  }

  /// What differs is left in `target/helm`; when it is right, it goes to the test's resources.
  @ParameterizedTest
  @CsvSource({"alone, ''", "everything, everything.values.yaml"})
  void helm_makes_what_is_judged_by_the_kinds_of_kubernetes(String name, String values)
      throws Exception {
    Ran ran = values.isEmpty() ? template() : template("-f", MADE.resolve(values).toString());
    assertThat(ran.code()).as(ran.text()).isZero();
    Files.writeString(FOLDER.resolve(name + ".yaml"), ran.text());
    assertThat(ran.text()).isEqualTo(Files.readString(MADE.resolve(name + ".yaml")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "replicas=2 | SQLite belongs to one process",
        "replica=2 | 'replica' not allowed",
        "replicas=two | replicas",
        "serve.delay=5 | 'delay' not allowed",
        "database.url=postgresql://h/n | masterKey.existingSecret"
      })
  void helm_refuses_what_cannot_work(String setting, String why) throws Exception {
    Ran ran = template("--set", setting);
    assertThat(ran.code()).isNotZero();
    assertThat(ran.text()).contains(why);
  }

  private static Ran template(String... more) throws Exception {
    List<String> words = new ArrayList<>();
    Collections.addAll(words, "template", "gate", CHART.toString(), "--kube-version", "1.29.0");
    Collections.addAll(words, more);
    return helm(words.toArray(String[]::new));
  }

  private static Ran helm(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(FOLDER.resolve("helm").toString());
    Collections.addAll(command, words);
    return Ran.of(command.toArray(String[]::new));
  }
}
