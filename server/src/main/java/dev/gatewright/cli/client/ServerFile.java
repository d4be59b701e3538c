package dev.gatewright.cli.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// `server.json` in the data folder: how the command line finds the server that runs there, and the
/// admin key of this start. Mode 0600; written at once, by renaming; removed on stop.
///
/// @param instance checked against `/health`, so that a file left by a crash leads to nobody else
/// @param certificate SHA-256 of what the listener shows, base64url; null without TLS
public record ServerFile(
    String url, long pid, String instance, Secret adminKey, @Nullable String certificate) {
  private static final String NAME = "server.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Writes it into `folder`, which exists.
  public void write(Path folder) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("url", url);
    json.put("pid", pid);
    json.put("instance", instance);
    json.put("admin_key", adminKey.expose());
    if (certificate != null) {
      json.put("certificate", certificate);
    }
    Path unfinished = Files.createTempFile(folder, NAME, ".new");
    // Not asked of its file store: in a chroot that is no mount point there is none to be found.
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
    }
    Files.writeString(unfinished, JSON.writeValueAsString(json) + "\n");
    Files.move(
        unfinished,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// The same of a listener that shows another certificate by now.
  public ServerFile showing(String other) {
    return new ServerFile(url, pid, instance, adminKey, other);
  }

  /// Null when there is none that can be understood.
  public static @Nullable ServerFile read(Path folder) throws IOException {
    try {
      JsonNode json = JSON.readTree(Files.readString(folder.resolve(NAME)));
      return new ServerFile(
          json.path("url").asText(),
          json.path("pid").asLong(),
          json.path("instance").asText(),
          Secret.of(json.path("admin_key").asText()),
          json.path("certificate").isTextual() ? json.path("certificate").asText() : null);
    } catch (NoSuchFileException | JacksonException none) {
      return null;
    }
  }

  /// Removes it if it is still this start's own.
  public void remove(Path folder) throws IOException {
    ServerFile there = read(folder);
    if (there != null && there.instance().equals(instance)) {
      Files.deleteIfExists(folder.resolve(NAME));
    }
  }
}
