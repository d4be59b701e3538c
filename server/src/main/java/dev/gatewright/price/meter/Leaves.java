package dev.gatewright.price.meter;

import java.util.List;
import java.util.Set;

/// The disjoint leaf meters: every token and every fee of a call is in exactly one. Text has no
/// suffix.
public final class Leaves {
  public static final String INPUT = "input";
  public static final String OUTPUT = "output";
  public static final String CACHE_READ = "cache_read";
  public static final String CACHE_WRITE_5M = "cache_write_5m";
  public static final String CACHE_WRITE_1H = "cache_write_1h";
  public static final String REASONING = "reasoning";
  public static final String REQUESTS = "requests";

  /// A recording's length as it is counted; priced as [#AUDIO_SECONDS].
  public static final String AUDIO_MILLIS = "audio_millis";

  public static final String AUDIO_SECONDS = "audio_seconds";

  private static final List<String> KINDS =
      List.of(INPUT, CACHE_READ, CACHE_WRITE_5M, CACHE_WRITE_1H, OUTPUT, REASONING);
  private static final List<String> SUFFIXES = List.of("", "_audio", "_image", "_video");
  private static final Set<String> OTHERS =
      Set.of(
          "images",
          AUDIO_SECONDS,
          "characters",
          "pages",
          REQUESTS,
          "rerank_units",
          "web_search",
          "code_seconds",
          "bytes");

  /// For whoever named another.
  public static final String EXPECTED =
      String.join(", ", KINDS)
          + " (each also with _audio, _image or _video), "
          + String.join(", ", OTHERS.stream().sorted().toList());

  private Leaves() {}

  /// Whether a price may name it.
  public static boolean priced(String meter) {
    return OTHERS.contains(meter)
        || KINDS.stream().anyMatch(kind -> SUFFIXES.stream().anyMatch(s -> meter.equals(kind + s)));
  }

  /// What a price calls a used meter.
  public static String rateOf(String used) {
    return used.equals(AUDIO_MILLIS) ? AUDIO_SECONDS : used;
  }

  /// How many of the used meter are one of the price's.
  public static long scale(String used) {
    return used.equals(AUDIO_MILLIS) ? 1_000 : 1;
  }
}
