package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Golden files under `src/test/resources/room/golden`. `-Dgolden.write=true` writes them anew; the
/// change is then reviewed as a diff.
public final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/room/golden");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Golden() {}

  public static void check(String name, JsonNode actual) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      String text = MAPPER.writer(printer).writeValueAsString(actual) + "\n";
      Path file = FOLDER.resolve(name + ".json");
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, text);
      }
      assertThat(text).as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
