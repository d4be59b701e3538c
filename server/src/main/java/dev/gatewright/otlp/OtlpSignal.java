package dev.gatewright.otlp;

import dev.gatewright.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the environment says of one signal: its own variable where there is one, else the one for
/// all.
///
/// @param signal `TRACES` or `METRICS`
/// @param text of a variable; empty = not set
/// @param warn takes a line for the operator
record OtlpSignal(String signal, UnaryOperator<String> text, Consumer<String> warn) {
  private static final String ALL = "OTEL_EXPORTER_OTLP_";
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int TIMEOUT_MILLIS_MAX = 600_000;
  private static final int PAIRS_MAX = 64;
  private static final int PAIRS_CHARS_MAX = 16 << 10;
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /// The variable that counts: its name, and what it says.
  private Map.Entry<String, String> said(String what) {
    String own = ALL + signal + "_" + what;
    String value = text.apply(own);
    return value.isEmpty() ? Map.entry(ALL + what, text.apply(ALL + what)) : Map.entry(own, value);
  }

  Map<String, Secret> headers() {
    Map.Entry<String, String> said = said("HEADERS");
    Map<String, Secret> headers = new HashMap<>();
    // What is wrong is told without what stands there: it may be a key.
    pairs(said.getValue(), problem -> warn.accept(said.getKey() + ": " + problem))
        .forEach((name, value) -> {
          if (TOKEN.matcher(name).matches() && VALUE.matcher(value).matches()) {
            headers.put(name.toLowerCase(Locale.ROOT), Secret.of(value));
          } else {
            warn.accept(said.getKey() + ": a header that cannot be sent is left out");
          }
        });
    return headers;
  }

  Duration timeout() {
    Map.Entry<String, String> said = said("TIMEOUT");
    return Duration.ofMillis(
        number(said.getKey(), said.getValue(), TIMEOUT_MILLIS, TIMEOUT_MILLIS_MAX, warn));
  }

  /// Also looks at the protocol: there is one.
  boolean gzip() {
    Map.Entry<String, String> protocol = said("PROTOCOL");
    if (!protocol.getValue().isEmpty() && !protocol.getValue().equals("http/protobuf")) {
      warn.accept(
          "%s: %s (expected: http/protobuf, which is what is spoken)"
              .formatted(protocol.getKey(), OtlpEnvironment.shown(protocol.getValue())));
    }
    Map.Entry<String, String> said = said("COMPRESSION");
    String word = said.getValue();
    if (!word.isEmpty() && !word.equals("gzip") && !word.equals("none")) {
      warn.accept(
          "%s: %s (expected: gzip or none; none is taken)"
              .formatted(said.getKey(), OtlpEnvironment.shown(word)));
    }
    return word.equals("gzip");
  }

  /// @throws IllegalArgumentException when it cannot be read
  @Nullable Path file(String what) {
    Map.Entry<String, String> said = said(what);
    if (said.getValue().isEmpty()) {
      return null;
    }
    Path file = Path.of(said.getValue());
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a file that can be read)".formatted(said.getKey(), file));
    }
    return file;
  }

  /// A collector's address, as it stands; without a path it is `/`.
  ///
  /// @throws IllegalArgumentException when it is none
  static URI address(String name, String text) {
    try {
      URI address = new URI(text);
      boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (http && address.getHost() != null && address.getUserInfo() == null) {
        return address.getRawPath().isEmpty() ? address.resolve("/") : address;
      }
    } catch (URISyntaxException notOne) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: http:// or https:// with a host)"
            .formatted(name, OtlpEnvironment.shown(withoutCredential(text))));
  }

  /// What stands before an `@` or behind a `?` may be one.
  private static String withoutCredential(String address) {
    return address.replaceFirst("\\?.*", "?…").replaceFirst("^([^/]*//)?.*@", "$1***@");
  }

  /// A signal's address below the one for all.
  static URI below(String name, String text, String path) {
    URI all = address(name, text);
    String base = all.getRawPath();
    return all.resolve((base.endsWith("/") ? base : base + "/") + path);
  }

  /// `name=value,…`, percent-encoded, as baggage is written.
  static Map<String, String> pairs(String text, Consumer<String> problem) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (text.length() > PAIRS_CHARS_MAX) {
      problem.accept("(expected: at most %d characters)".formatted(PAIRS_CHARS_MAX));
      return pairs;
    }
    for (String pair : text.split(",")) {
      int equal = pair.indexOf('=');
      String name = equal < 0 ? "" : pair.substring(0, equal).strip();
      if (pair.isBlank() || pairs.size() == PAIRS_MAX) {
        continue;
      }
      try {
        if (name.isEmpty()) {
          throw new IllegalArgumentException("no name");
        }
        // A plus is one here.
        String value = pair.substring(equal + 1).strip().replace("+", "%2B");
        pairs.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException notOne) {
        problem.accept("a part of it is left out (expected: name=value,…)");
      }
    }
    return pairs;
  }

  static long number(String name, String text, long fallback, long most, Consumer<String> warn) {
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      // Told below.
    }
    warn.accept(
        "%s: %s (expected: 1…%d; %d is taken)"
            .formatted(name, OtlpEnvironment.shown(text), most, fallback));
    return fallback;
  }
}
