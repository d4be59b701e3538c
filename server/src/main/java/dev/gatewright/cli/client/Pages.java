package dev.gatewright.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;

/// Lists, page by page to their end.
public final class Pages {
  private Pages() {}

  /// Every page of a list.
  ///
  /// @param path with its query, if it has one
  public static void each(Function<String, JsonNode> get, String path, Consumer<JsonNode> page) {
    String next = path;
    while (!next.isEmpty()) {
      JsonNode one = get.apply(next);
      page.accept(one);
      String cursor = one.path("next_cursor").asText("");
      next =
          one.path("next_cursor").isTextual()
              ? path
                  + (path.contains("?") ? "&" : "?")
                  + "cursor="
                  + URLEncoder.encode(cursor, StandardCharsets.UTF_8)
              : "";
    }
  }

  /// All of it as one page: `{"data":[…],"next_cursor":null}`.
  public static ObjectNode all(Function<String, JsonNode> get, String path) {
    ObjectNode all = GateClient.JSON.createObjectNode();
    ArrayNode data = all.putArray("data");
    each(get, path, page -> page.path("data").forEach(data::add));
    return all.putNull("next_cursor");
  }
}
