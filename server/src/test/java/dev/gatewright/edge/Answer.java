package dev.gatewright.edge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer as a test looks at it.
record Answer(int status, Map<String, String> headers, String body) {
  static Answer of(String head) {
    List<String> lines = Arrays.asList(head.strip().split("\r\n"));
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(": ");
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (headers.put(name, line.substring(colon + 2)) != null) {
        throw new IllegalStateException("header twice in an answer: " + name);
      }
    }
    return new Answer(Integer.parseInt(lines.getFirst().substring(9, 12)), headers, "");
  }

  Answer withBody(byte[] bytes) {
    return new Answer(status, headers, new String(bytes, StandardCharsets.UTF_8));
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }
}
