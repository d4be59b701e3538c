package dev.gatewright.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;

/// Tells by one look whether a database has every migration this program brings, each as it is
/// here: then Flyway, which takes a good part of a start to come to the same, need not run. Any
/// doubt is Flyway's to judge. Stateless.
final class SchemaHistoryStore {
  private static final Pattern FILE = Pattern.compile("V([0-9]+)__.*\\.sql");

  private SchemaHistoryStore() {}

  /// @param folder of the migrations, on the class path: `db/sqlite`
  static boolean isCurrent(DataSource source, String folder) {
    try {
      Map<String, Integer> known = known(folder);
      return !known.isEmpty() && fits(known, source);
    } catch (SQLException | IOException | URISyntaxException e) {
      // A new database has no such table, to begin with.
      return false;
    }
  }

  private static boolean fits(Map<String, Integer> known, DataSource source) throws SQLException {
    long newest = known.keySet().stream().mapToLong(Long::parseLong).max().orElse(0);
    int found = 0;
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT version, checksum, success FROM schema_history")) {
      while (rows.next()) {
        String version = rows.getString(1);
        if (version == null || !version.matches("[0-9]{1,18}") || !rows.getBoolean(3)) {
          return false;
        }
        Integer checksum = known.get(version);
        if (checksum == null && Long.parseLong(version) < newest) {
          return false;
        }
        if (checksum != null && checksum != rows.getInt(2)) {
          return false;
        }
        found += checksum == null ? 0 : 1;
      }
    }
    return found == known.size();
  }

  /// Versions and checksums of the migrations this program brings.
  private static Map<String, Integer> known(String folder) throws IOException, URISyntaxException {
    Map<String, Integer> known = new HashMap<>();
    for (String file : files(folder)) {
      Matcher name = FILE.matcher(file);
      if (!name.matches() || known.put(name.group(1), checksum(folder + "/" + file)) != null) {
        return Map.of();
      }
    }
    return known;
  }

  private static List<String> files(String folder) throws IOException, URISyntaxException {
    List<String> files = new ArrayList<>();
    for (URL url : loader().resources(folder).toList()) {
      URLConnection connection = url.openConnection();
      if (connection instanceof JarURLConnection jar) {
        String prefix = folder + "/";
        jar.getJarFile().stream()
            .map(entry -> entry.getName())
            .filter(name -> name.startsWith(prefix) && name.length() > prefix.length())
            .forEach(name -> files.add(name.substring(prefix.length())));
      } else {
        try (Stream<Path> all = Files.list(Path.of(URI.create(url.toString())))) {
          all.forEach(file -> files.add(file.getFileName().toString()));
        }
      }
    }
    return files;
  }

  /// As Flyway has it: the CRC-32 of the lines without their ends.
  private static int checksum(String resource) throws IOException {
    byte[] text;
    try (InputStream file = loader().getResourceAsStream(resource)) {
      text = Objects.requireNonNull(file, resource).readAllBytes();
    }
    CRC32 sum = new CRC32();
    int from = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length || text[i] == '\n' || text[i] == '\r') {
        sum.update(text, from, i - from);
        from = i + 1;
      }
    }
    return (int) sum.getValue();
  }

  private static ClassLoader loader() {
    return SchemaHistoryStore.class.getClassLoader();
  }
}
