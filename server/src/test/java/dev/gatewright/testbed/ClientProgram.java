package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Programs of `src/test/clients` in other languages, with the official packages of pinned lists,
/// installed into `target/` once per use.
enum ClientProgram {
  NODE {
    @Override
    List<String> lists() {
      return List.of("package.json", "package-lock.json", ".npmrc");
    }

    @Override
    List<String> install(Path folder) throws IOException, InterruptedException {
      execute(folder, Map.of(), List.of("npm", "ci", "--ignore-scripts"));
      return List.of("node");
    }
  },
  PYTHON,
  /// LangChain, LangGraph, pydantic-ai.
  FRAMEWORKS,
  /// It wants an older SDK than the others.
  INSTRUCTOR;

  private static final Path SOURCES = Path.of("src", "test", "clients").toAbsolutePath();
  private static final Path TARGET = Path.of("target", "clients").toAbsolutePath();

  /// The files that say which packages, in which versions.
  List<String> lists() {
    return List.of("requirements.txt");
  }

  /// Installs the packages and returns the interpreter.
  List<String> install(Path folder) throws IOException, InterruptedException {
    String python = folder.resolve("venv/bin/python").toString();
    execute(folder, Map.of(), List.of("python3", "-m", "venv", "venv"));
    execute(
        folder, Map.of(), List.of(python, "-m", "pip", "install", "-q", "-r", "requirements.txt"));
    return List.of(python);
  }

  /// @param name of the program in this language's folder
  /// @param environment added to our own
  /// @return what it printed
  /// @throws AssertionError if it ends with anything but 0, holding what it printed
  String run(String name, Map<String, String> environment)
      throws IOException, InterruptedException {
    String language = name().toLowerCase(Locale.ROOT);
    Path folder = Files.createDirectories(TARGET.resolve(language));
    List<String> files = new ArrayList<>(lists());
    files.add(name);
    for (String file : files) {
      Files.copy(
          SOURCES.resolve(language).resolve(file),
          folder.resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>(install(folder));
    command.add(name);
    return execute(folder, environment, command);
  }

  static String execute(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log.txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(log);
    assertThat(ended && process.exitValue() == 0)
        .describedAs("%s:%n%s", String.join(" ", command), printed)
        .isTrue();
    return printed;
  }
}
