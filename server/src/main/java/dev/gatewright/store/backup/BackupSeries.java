package dev.gatewright.store.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Copies of one installation beside each other: `gate.backup` stands for
/// `gate-20261128T031500Z.backup` and so on, of which the newest are kept. What has another name is
/// never touched. Immutable.
public final class BackupSeries {
  /// Sorts as time does.
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final String MOMENT_PATTERN = "[0-9]{8}T[0-9]{6}Z";

  private final Path folder;
  private final String stem;
  private final String ending;
  private final int keep;

  /// @param file the name all of them are made from
  /// @param keep 1 or more
  public BackupSeries(Path file, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep: %d (expected: 1 or more)".formatted(keep));
    }
    Path whole = file.toAbsolutePath().normalize();
    Path name = whole.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    this.folder = whole.resolveSibling(".").normalize();
    this.stem = dot > 0 ? text.substring(0, dot) : text;
    this.ending = dot > 0 ? text.substring(dot) : "";
    this.keep = keep;
  }

  /// A moment as it stands in names.
  static String moment(Instant at) {
    return MOMENT.format(at);
  }

  /// Where the copy of a moment stands.
  public Path at(Instant moment) {
    return folder.resolve(stem + "-" + moment(moment) + ending);
  }

  /// Removes all but the newest.
  ///
  /// @return what was removed, oldest first
  /// @throws BackupFailed when one cannot be
  public List<Path> prune() {
    Pattern ours =
        Pattern.compile(Pattern.quote(stem) + "-" + MOMENT_PATTERN + Pattern.quote(ending));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all =
          files
              .filter(file -> ours.matcher(String.valueOf(file.getFileName())).matches())
              .sorted(Comparator.comparing(file -> String.valueOf(file.getFileName())))
              .toList();
      List<Path> old = all.subList(0, Math.max(0, all.size() - keep));
      for (Path file : old) {
        Files.delete(file);
      }
      return old;
    } catch (IOException e) {
      throw new BackupFailed(
          "old copies in %s cannot be removed: %s".formatted(folder, e.getMessage()), e);
    }
  }
}
