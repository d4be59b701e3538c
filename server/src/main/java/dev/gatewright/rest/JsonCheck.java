package dev.gatewright.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.gatewright.edge.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Looks a document through before anything is made of it: what would be repaired silently, could
/// not be stored or would take more memory than it is worth ends here.
final class JsonCheck {
  private static final int NAMES_MIN = 256;

  /// One name for so many bytes of a body is more than any of ours has.
  private static final int BYTES_PER_NAME = 12;

  private static final int BYTES_PER_VALUE = 8;

  private JsonCheck() {}

  /// The body as text.
  ///
  /// @throws Problem 400 for bytes that are not UTF-8
  static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException broken) {
      throw new Problem(Refusal.invalid("body: broken UTF-8 (expected: JSON in UTF-8)"));
    }
  }

  /// @throws Problem 400 when it is not one JSON document, 422 for a value or a number of them that
  ///   no document of ours has
  static void values(String text, int bytes) {
    int namesMax = NAMES_MIN + bytes / BYTES_PER_NAME;
    int valuesMax = NAMES_MIN + bytes / BYTES_PER_VALUE;
    int names = 0;
    int values = 0;
    try (JsonParser parser = Json.MAPPER.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new Problem(Refusal.invalid("body: empty (expected: a JSON document)"));
      }
      for (JsonToken token = parser.currentToken(); token != null; token = parser.nextToken()) {
        value(parser, token);
        names += token == JsonToken.FIELD_NAME ? 1 : 0;
        values++;
        if (names > namesMax || values > 2 * valuesMax) {
          throw Problem.wrong(
              "",
              "body: more than %d names or %d values (expected: fewer in %d bytes)"
                  .formatted(namesMax, valuesMax, bytes));
        }
      }
    } catch (StreamConstraintsException beyond) {
      throw Problem.wrong("", "body: " + Faults.firstLine(beyond));
    } catch (JsonProcessingException bad) {
      throw new Problem(Refusal.invalid("body: not JSON: " + Faults.firstLine(bad)));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static void value(JsonParser parser, JsonToken token) throws IOException {
    switch (token) {
      case FIELD_NAME, VALUE_STRING -> {
        String fault = fault(parser.getText());
        if (fault != null) {
          throw Problem.wrong(pointer(parser), fault);
        }
      }
      case VALUE_NUMBER_FLOAT -> {
        if (!Double.isFinite(parser.getDoubleValue())) {
          throw Problem.wrong(
              pointer(parser), parser.getText() + " (expected: a number below 1.8e308)");
        }
      }
      default -> {}
    }
  }

  private static String pointer(JsonParser parser) {
    return parser.getParsingContext().pathAsPointer().toString();
  }

  /// What makes a text one that no store and no other reader takes as it is; null when nothing
  /// does.
  static @Nullable String fault(String text) {
    int i = 0;
    while (i < text.length()) {
      // A code point that is a surrogate is one without its other half.
      int at = text.codePointAt(i);
      if (at == 0) {
        return "has the character U+0000 (expected: none)";
      }
      if (at >= Character.MIN_SURROGATE && at <= Character.MAX_SURROGATE) {
        return "has half of a surrogate pair (expected: whole characters)";
      }
      i += Character.charCount(at);
    }
    return null;
  }
}
