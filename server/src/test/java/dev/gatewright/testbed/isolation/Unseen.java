package dev.gatewright.testbed.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Statements of which the matrix shows nothing when they forget the tenant, each below its reason:
/// `isolation/unseen-by-the-matrix.txt`.
final class Unseen {
  private static final String FILE = "/isolation/unseen-by-the-matrix.txt";

  /// What stands for the middle of a long statement.
  private static final String CUT = " … ";

  private final List<String> lines;

  private Unseen(List<String> lines) {
    this.lines = lines;
  }

  static Unseen read() throws IOException {
    try (InputStream file = Objects.requireNonNull(Unseen.class.getResourceAsStream(FILE))) {
      return new Unseen(
          new String(file.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .toList());
    }
  }

  /// @param name a mutant's
  boolean has(String name) {
    return lines.stream().anyMatch(line -> is(line, name));
  }

  /// Lines of no statement that there is.
  List<String> stale(List<StoreMutant> all) {
    return lines.stream()
        .filter(line -> all.stream().noneMatch(each -> is(line, each.name())))
        .toList();
  }

  private static boolean is(String line, String name) {
    int cut = line.indexOf(CUT);
    return cut < 0
        ? name.equals(line)
        : name.startsWith(line.substring(0, cut))
            && name.endsWith(line.substring(cut + CUT.length()));
  }
}
