package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/// `DATA/server.json`, as the command line reads it.
record ServerFile(URI url, long pid, String instance, String adminKey) {
  static ServerFile read(Path data) throws IOException {
    JsonNode file = new ObjectMapper().readTree(data.resolve("server.json").toFile());
    return new ServerFile(
        URI.create(file.get("url").asText()),
        file.get("pid").asLong(),
        file.get("instance").asText(),
        file.get("admin_key").asText());
  }
}
