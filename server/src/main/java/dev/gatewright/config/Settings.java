package dev.gatewright.config;

import dev.gatewright.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One mapping of the configuration, read by the package that owns it. Every key asked for counts
/// as known; keys nobody asked for stop the start, with the nearest known key named. A value that
/// does not fit throws [InvalidSetting], naming path, value and what was expected.
///
/// Precedence is resolved here: flag, then environment (`GATEWRIGHT_` + path in capitals, `.` and
/// `-` as `_`), then file, then the default passed in.
public interface Settings {
  /// Dotted path of this mapping, empty for the root.
  String path();

  /// A nested mapping; an empty one when absent.
  Settings section(String key);

  /// Whether the file has a mapping there: for a key whose value may be a word or a mapping.
  boolean mapping(String key);

  /// A list of mappings; empty when absent.
  List<Settings> list(String key);

  String text(String key, String fallback);

  @Nullable String textOrNull(String key);

  /// A list of texts; one text alone and a comma-separated environment value count as lists too.
  List<String> texts(String key);

  Map<String, String> map(String key);

  int integer(String key, int fallback, int min, int max);

  boolean flag(String key, boolean fallback);

  /// `500ms`, `5s`, `2m`, `1h`, `30d`.
  Duration duration(String key, Duration fallback);

  /// Bytes, written `512`, `64B`, `32KiB`, `20MiB`, `1GiB`.
  long bytes(String key, long fallback);

  /// A secret: literal, `${ENVIRONMENT_NAME}` or `file:/path`. Null when absent.
  @Nullable Secret secret(String key);

  List<Secret> secrets(String key);

  /// Throws when this mapping, or one below it, holds a key that nobody has asked for. Called on
  /// the root, once every package has read what is its own.
  void rejectUnknown();

  /// A setting that does not fit; its message is for the operator.
  final class InvalidSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSetting(String message) {
      super(message);
    }
  }
}
