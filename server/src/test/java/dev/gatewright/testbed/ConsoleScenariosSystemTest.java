package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What people do at the console, in Debian's Chromium, each from an empty folder:
/// `dashboard/tests/scenarios.mjs` says what, and a line of it is a test here.
@Tag("system")
class ConsoleScenariosSystemTest {
  /// As many as the script has; fewer lines would be a script that broke off.
  private static final int SCENARIOS = 29;

  /// Five lines, and that the script came to its end.
  private static final int IN_FIREFOX = 6;

  @TempDir private Path folder;

  @TestFactory
  List<DynamicTest> scenario() throws Exception {
    try (ConsoleWorlds worlds = new ConsoleWorlds(Files.createDirectory(folder.resolve("gates")))) {
      List<ConsoleWorlds.Told> told = worlds.run("scenarios.mjs", folder.resolve("out"));
      assertThat(told).hasSizeGreaterThanOrEqualTo(SCENARIOS);
      return told.stream()
          .map(each ->
              DynamicTest.dynamicTest(each.name(), () -> assertThat(each.failed()).isEmpty()))
          .toList();
    }
  }

  /// Three of them, two also by keyboard alone, in Debian's Firefox.
  @TestFactory
  List<DynamicTest> in_firefox() throws Exception {
    try (ConsoleWorlds worlds = new ConsoleWorlds(Files.createDirectory(folder.resolve("gates")))) {
      Map<String, String> environment =
          Map.of("ONLY", "^([12] |6 a refusal explained$)", "BROWSER", "firefox");
      List<ConsoleWorlds.Told> told =
          worlds.run("scenarios.mjs", folder.resolve("out"), environment, 6);
      assertThat(told).hasSize(IN_FIREFOX);
      return told.stream()
          .map(each ->
              DynamicTest.dynamicTest(each.name(), () -> assertThat(each.failed()).isEmpty()))
          .toList();
    }
  }

  /// Fifty rows a second while somebody follows them; the short form is one of the scenarios.
  @Test
  @Tag("long")
  void ten_minutes_of_live_rows_stay_within_ten_megabytes() throws Exception {
    try (ConsoleWorlds worlds = new ConsoleWorlds(Files.createDirectory(folder.resolve("gates")))) {
      Map<String, String> environment = Map.of("ONLY", "^16 live", "LIVE_SECONDS", "600");
      List<ConsoleWorlds.Told> told =
          worlds.run("scenarios.mjs", folder.resolve("out"), environment, 15);
      assertThat(told).hasSize(2).allMatch(each -> each.failed().isEmpty());
    }
  }
}
