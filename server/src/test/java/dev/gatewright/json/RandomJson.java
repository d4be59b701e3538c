package dev.gatewright.json;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// Makes random JSON documents, and breaks them, from a seed.
public final class RandomJson {
  private static final String[] NAMES = {
    "model",
    "stream",
    "stream_options",
    "include_usage",
    "messages",
    "content",
    "file",
    "file_id",
    "source",
    "input",
    "type",
    "role",
    "id",
    "tools",
    "container",
    "vector_store_ids",
    "prompt",
    "n",
    "max_tokens",
    "background",
    "x",
    "größe",
    "\\u0069d",
    "Ключ",
    "a\\\"b",
    ""
  };
  private static final String[] TEXTS = {
    "gpt",
    "",
    "item_reference",
    "\\u00e9",
    "é",
    "漢字",
    "😀",
    "\\ud83d\\ude00",
    "a\\nb",
    "\\\\",
    "\\/",
    "a longer text that goes over more than eight bytes at a time"
  };
  private static final String[] NUMBERS = {"0", "-0", "17", "1.5", "-2e10", "3E-7", "0.25e+3"};
  private static final String[] SPACE = {"", "", "", " ", "\n", "\t\r\n"};

  private final Random random;

  public RandomJson(long seed) {
    random = new Random(seed);
  }

  public String object(int depth) {
    StringBuilder json = new StringBuilder("{");
    int members = random.nextInt(6);
    for (int i = 0; i < members; i++) {
      json.append(i == 0 ? "" : ",").append(space());
      json.append('"').append(one(NAMES)).append('"').append(space()).append(':');
      json.append(space()).append(value(depth - 1)).append(space());
    }
    return json.append('}').toString();
  }

  private String value(int depth) {
    return switch (random.nextInt(depth <= 0 ? 4 : 7)) {
      case 0 -> '"' + one(TEXTS) + '"';
      case 1 -> one(NUMBERS);
      case 2 -> random.nextBoolean() ? "true" : "false";
      case 3 -> "null";
      case 4, 5 -> object(depth);
      default -> array(depth);
    };
  }

  private String array(int depth) {
    StringBuilder json = new StringBuilder("[").append(space());
    int elements = random.nextInt(4);
    for (int i = 0; i < elements; i++) {
      json.append(i == 0 ? "" : ",").append(space()).append(value(depth - 1)).append(space());
    }
    return json.append(']').toString();
  }

  /// Changes, drops, repeats or cuts a few bytes; often no longer JSON, often no longer UTF-8.
  public byte[] broken(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    int edits = 1 + random.nextInt(2);
    for (int i = 0; i < edits && bytes.length > 1; i++) {
      int at = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(4)) {
            case 0 -> replaced(bytes, at, at + 1, (byte) random.nextInt(256));
            case 1 -> replaced(bytes, at, at + 1);
            case 2 ->
                replaced(bytes, at, at, (byte) "{}[]\",:0eE-+.tn\\ ".charAt(random.nextInt(17)));
            default -> replaced(bytes, at, bytes.length);
          };
    }
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte... by) {
    byte[] result = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    return result;
  }

  private String space() {
    return one(SPACE);
  }

  private String one(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
