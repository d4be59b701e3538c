package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The launcher, on a copy of the sources: it builds with the system's Maven.
@Tag("system")
@TestMethodOrder(OrderAnnotation.class)
class LauncherTest {
  private static final long MINUTES_MAX = 10;
  private static final List<String> NEEDED =
      List.of(
          "gatewright",
          "deploy",
          "pom.xml",
          "bench/pom.xml",
          "server/pom.xml",
          "server/src/main",
          "dashboard/build",
          "dashboard/src",
          "dashboard/public",
          "dashboard/scripts",
          "dashboard/index.html",
          "dashboard/package.json",
          "dashboard/package-lock.json",
          "dashboard/tsconfig.json",
          "dashboard/vite.config.ts",
          "dashboard/eslint.config.js");

  @TempDir static Path copy;

  record Result(int exitCode, String out, String err) {}

  @BeforeAll
  static void copySources() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    for (String name : NEEDED) {
      try (Stream<Path> files = Files.walk(root.resolve(name))) {
        for (Path file : files.toList()) {
          Path target = copy.resolve(root.relativize(file));
          Files.createDirectories(target.getParent());
          if (!Files.isDirectory(file)) {
            // With their times: what npm has brought for these is not to be brought anew.
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            target.toFile().setExecutable(Files.isExecutable(file));
          }
        }
      }
    }
    Files.createSymbolicLink(
        copy.resolve("dashboard/node_modules"), root.resolve("dashboard/node_modules"));
  }

  private static Result launch(Map<String, String> environment, String... arguments)
      throws Exception {
    Path out = copy.resolve("out.txt");
    Path err = copy.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(copy.resolve("gatewright").toString()), Stream.of(arguments))
                .toList());
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(copy.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @Order(1)
  void first_use_builds_with_progress_beside_the_result() throws Exception {
    Result first = launch(Map.of(), "version");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).matches("gatewright \\S+\\R");
    assertThat(first.err()).contains("building", "maven-compiler-plugin", "faster");
    Result second = launch(Map.of(), "version");
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).isEmpty();
  }

  /// A cache that does not fit is ignored without a word; `on` makes that an error.
  @Test
  @Order(2)
  void start_up_cache_fits_the_runtime_and_flags_that_use_it() throws Exception {
    Result result = launch(Map.of("GATEWRIGHT_JAVA_OPTS", "-XX:AOTMode=on"), "version");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
  }

  @Test
  @Order(3)
  void operators_options_come_last() throws Exception {
    Result result =
        launch(Map.of("GATEWRIGHT_JAVA_OPTS", "-Xmx200m -XX:+PrintCommandLineFlags"), "version");
    assertThat(result.out()).contains("-XX:MaxHeapSize=209715200");
  }

  /// The runtime does not hold a cache against the jar's content: only its name does.
  @Test
  @Order(4)
  void edited_source_is_built_again_with_a_start_up_cache_of_its_own() throws Exception {
    List<String> before = caches();
    Path source = copy.resolve("server/src/main/resources/openapi/edge.yaml");
    Files.writeString(source, Files.readString(source) + "\n# edited\n");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
    assertThat(launch(Map.of(), "version").err()).contains("building", "faster");
    assertThat(caches()).hasSize(1).doesNotContainAnyElementsOf(before);
  }

  private static List<String> caches() throws IOException {
    try (Stream<Path> files = Files.list(copy.resolve("server/target/run"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".aot"))
          .toList();
    }
  }
}
