package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/internals/request-flow.md` and `architecture.md` lead to files and packages that exist.
class RequestFlowTest {
  private static final Path PAGES = Path.of("../docs/internals");
  private static final Path SOURCES = Path.of("src/main/java/dev/gatewright");
  private static final Pattern FILE = Pattern.compile("`([a-z0-9/]+/[A-Z][A-Za-z0-9]+\\.java)`");
  private static final int FILES_MAX = 20;

  @Test
  void each_flow_names_existing_files_once_and_at_most_twenty() throws IOException {
    String page = Files.readString(PAGES.resolve("request-flow.md"));
    int flows = 0;
    for (String section : page.split("\n## ", -1)) {
      List<String> files = new ArrayList<>();
      for (Matcher file = FILE.matcher(section); file.find(); ) {
        assertThat(SOURCES.resolve(file.group(1))).isRegularFile();
        files.add(file.group(1));
      }
      assertThat(files).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(FILES_MAX);
      flows += files.isEmpty() ? 0 : 1;
    }
    assertThat(flows).isEqualTo(4);
  }

  /// A row's first cell names packages, its last the types to begin with.
  @Test
  void the_architecture_page_names_every_package_and_a_type_of_each() throws IOException {
    String page = Files.readString(PAGES.resolve("architecture.md"));
    try (var folders = Files.list(SOURCES)) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        assertThat(page).contains("| `" + folder.getFileName() + "`");
      }
    }
  }
}
