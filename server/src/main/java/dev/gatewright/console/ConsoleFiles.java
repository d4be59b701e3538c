package dev.gatewright.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the dashboard's build made, as it lies in the jar: each file compressed twice, once for all
/// who ask. Immutable.
final class ConsoleFiles {
  private static final String FOLDER = "/console/";
  private static final String LIST = "files.txt";

  /// A file, for those who take `br`, `gzip`, or neither.
  static final class Entry {
    private final String type;
    private final byte[] brotli;
    private final byte[] gzip;
    private final byte[] plain;

    Entry(String type, byte[] brotli, byte[] gzip, byte[] plain) {
      this.type = type;
      this.brotli = brotli;
      this.gzip = gzip;
      this.plain = plain;
    }

    String type() {
      return type;
    }

    /// @param coding `br`, `gzip`; null = as it is
    byte[] bytes(@Nullable String coding) {
      return coding == null ? plain : coding.equals("br") ? brotli : gzip;
    }
  }

  private final Map<String, Entry> entries;

  private ConsoleFiles(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /// Reads all of them. Blocks.
  static ConsoleFiles read() {
    Map<String, Entry> entries = new HashMap<>();
    byte @Nullable [] list = bytes(LIST);
    if (list != null) {
      for (String name : new String(list, StandardCharsets.UTF_8).lines().toList()) {
        entries.put(
            name,
            new Entry(type(name), required(name + ".br"), required(name + ".gz"), required(name)));
      }
    }
    return new ConsoleFiles(Map.copyOf(entries));
  }

  /// The program was built on a machine without Node.js.
  boolean missing() {
    return entries.isEmpty();
  }

  @Nullable Entry find(String name) {
    return entries.get(name);
  }

  List<String> names() {
    return entries.keySet().stream().sorted().toList();
  }

  private static byte[] required(String name) {
    byte[] found = bytes(name);
    if (found == null) {
      throw new IllegalStateException(FOLDER + name + " is missing");
    }
    return found;
  }

  private static byte @Nullable [] bytes(String name) {
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(FOLDER + name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException(name + " (expected: html, js, css, svg)");
    };
  }
}
