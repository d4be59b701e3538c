package dev.gatewright.cli.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The servers this machine is signed in to, in `gatewright/profiles.json` of the person's
/// configuration. It holds keys: mode 0600, and not read where others may read it too. Written at
/// once, by renaming. One at a time.
public final class Profiles {
  private static final String NAME = "profiles.json";
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final Map<String, Profile> profiles = new LinkedHashMap<>();
  private String current = "";

  private Profiles(Path file) {
    this.file = file;
  }

  /// @throws CommandFailed when it cannot be read, or others may read it
  public static Profiles of(Terminal terminal) {
    Profiles profiles = new Profiles(place(terminal.environment()));
    try {
      profiles.read();
    } catch (NoSuchFileException none) {
      return profiles;
    } catch (IOException unreadable) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s: not readable (expected: as `gatewright login` writes it)".formatted(profiles.file));
    }
    return profiles;
  }

  /// `$XDG_CONFIG_HOME`, else `~/.config`.
  private static Path place(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    Path folder = config.isEmpty() ? Path.of(home, ".config") : Path.of(config);
    return folder.resolve("gatewright").resolve(NAME).toAbsolutePath().normalize();
  }

  private void read() throws IOException {
    String text = Files.readString(file);
    if (posix(file)) {
      Set<PosixFilePermission> given = Files.getPosixFilePermissions(file);
      if (!OWN.containsAll(given)) {
        throw new CommandFailed(
            ExitCode.USAGE,
            "%s: mode %s (expected: 0600; it holds keys: chmod 600, and revoke them if others read it)"
                .formatted(file, PosixFilePermissions.toString(given)));
      }
    }
    try {
      JsonNode json = GateClient.JSON.readTree(text);
      current = json.path("current").asText();
      json.path("profiles")
          .properties()
          .forEach(each -> profiles.put(each.getKey(), profile(each.getKey(), each.getValue())));
    } catch (JacksonException notJson) {
      throw new IOException(notJson);
    }
  }

  private static Profile profile(String name, JsonNode json) {
    return new Profile(
        name,
        json.path("url").asText(),
        Secret.of(json.path("key").asText()),
        json.path("key_id").asText(),
        json.path("paired").asBoolean());
  }

  /// @throws CommandFailed with [ExitCode#NOT_SIGNED_IN] when there is none of this name
  public Profile named(String name) {
    Profile found = profiles.get(name);
    if (found == null) {
      throw new CommandFailed(
          ExitCode.NOT_SIGNED_IN,
          "--profile: %s (expected: %s)"
              .formatted(
                  name,
                  profiles.isEmpty()
                      ? "one that `gatewright login --url URL --profile NAME` made"
                      : String.join(", ", profiles.keySet())));
    }
    return found;
  }

  /// Null when there is none of this name.
  public @Nullable Profile find(String name) {
    return profiles.get(name);
  }

  /// The one that was signed in to last; null = none.
  public @Nullable Profile current() {
    return profiles.get(current);
  }

  /// One for the server at `url`, the current one before others; null = none.
  public @Nullable Profile at(String url) {
    Profile now = current();
    return now != null && now.url().equals(url)
        ? now
        : profiles.values().stream()
            .filter(each -> each.url().equals(url))
            .findFirst()
            .orElse(null);
  }

  /// Keeps one, as the current one.
  public void keep(Profile profile) {
    profiles.put(profile.name(), profile);
    current = profile.name();
    write();
  }

  public void forget(String name) {
    profiles.remove(name);
    write();
  }

  private void write() {
    ObjectNode json = GateClient.JSON.createObjectNode().put("current", current);
    ObjectNode all = json.putObject("profiles");
    profiles.forEach((name, each) ->
        all.putObject(name)
            .put("url", each.url())
            .put("key", each.key().expose())
            .put("key_id", each.keyId())
            .put("paired", each.paired()));
    try {
      Path folder = Objects.requireNonNull(file.getParent(), "an absolute path");
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
      // Made with this mode: nobody else can open it in between.
      Path unfinished = Files.createTempFile(folder, NAME, ".new");
      if (posix(unfinished)) {
        Files.setPosixFilePermissions(unfinished, OWN);
      }
      Files.writeString(unfinished, GateClient.JSON.writeValueAsString(json) + "\n");
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      throw new CommandFailed(
          ExitCode.REFUSED, "%s: not writable (%s)".formatted(file, unwritable.getMessage()));
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
