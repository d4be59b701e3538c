package dev.gatewright.key.migration.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a file of keys, whatever gate it is from. Pure.
public final class KeyFile {
  /// Some gates wrap their list or map in an object with one such field.
  static final Set<String> WRAPPERS = Set.of("keys", "api_keys", "apiKeys", "data");

  /// No source text in errors: it may be a key.
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();

  private KeyFile() {}

  /// What came of it.
  public sealed interface Read {
    record Good(KeyFileContent content) implements Read {}

    /// @param message for whoever keeps the file; holds nothing of its content
    record Unreadable(String message) implements Read {}
  }

  /// @param wanted null = found out from the content
  public static Read read(String text, @Nullable KeyFileFormat wanted) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      KeyFileFormat format = wanted == null ? detect(content) : wanted;
      KeyFileContent.Builder into = new KeyFileContent.Builder(format);
      switch (format) {
        case JSON_MAP -> {
          try (JsonParser parser = JSON.createParser(content)) {
            new JsonMapRows(into).read(parser);
          }
        }
        case LLMGATEWAY -> {
          try (JsonParser parser = JSON.createParser(content)) {
            new LlmGatewayRows(into).read(parser);
          }
        }
        case GATEWRIGHT -> {
          try (JsonParser parser = JSON.createParser(content)) {
            new ExportedRows(into).read(parser);
          }
        }
        case CSV -> new CsvRows(into).read(content);
      }
      return new Read.Good(into.build());
    } catch (JsonProcessingException notJson) {
      return new Read.Unreadable(
          "line %d: not JSON: %s".formatted(line(notJson), problem(notJson)));
    } catch (WrongShape wrong) {
      return new Read.Unreadable(wrong.sentence());
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text cannot fail to be read", impossible);
    }
  }

  /// The parser's first words only: what follows may quote the file.
  private static String problem(JsonProcessingException notJson) {
    String message = String.valueOf(notJson.getOriginalMessage());
    boolean ended = message.startsWith("Unexpected end-of-input");
    return ended ? "it ends too early" : "a value is not as JSON writes it";
  }

  private static int line(JsonProcessingException notJson) {
    return notJson.getLocation() == null ? 1 : notJson.getLocation().getLineNr();
  }

  private static KeyFileFormat detect(String content) throws IOException, WrongShape {
    String start = content.stripLeading();
    if (start.startsWith("[")) {
      return KeyFileFormat.LLMGATEWAY;
    }
    if (!start.startsWith("{")) {
      if (CsvRows.looksLikeOne(content)) {
        return KeyFileFormat.CSV;
      }
      throw new WrongShape(
          "the format cannot be told from the content (expected: JSON, or a CSV header with a"
              + " column `key` or `sha256`; say --format)");
    }
    try (JsonParser parser = JSON.createParser(content)) {
      parser.nextToken();
      boolean empty = parser.nextToken() != JsonToken.FIELD_NAME;
      String first = empty ? "" : parser.currentName();
      if (first.equals("format")) {
        return KeyFileFormat.GATEWRIGHT;
      }
      boolean list = !empty && parser.nextToken() == JsonToken.START_ARRAY;
      return list && WRAPPERS.contains(first) ? KeyFileFormat.LLMGATEWAY : KeyFileFormat.JSON_MAP;
    }
  }

  /// The file is not of its format; the sentence names the place, never the content.
  static final class WrongShape extends Exception {
    private static final long serialVersionUID = 1L;

    WrongShape(String sentence) {
      super(sentence, null, false, false);
    }

    String sentence() {
      return String.valueOf(getMessage());
    }
  }
}
