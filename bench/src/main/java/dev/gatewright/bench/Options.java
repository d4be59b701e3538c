package dev.gatewright.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `bench/run` was asked to do.
///
/// @param root the repository
/// @param rounds how often each target is measured, in turns
/// @param seconds of each measurement
/// @param warmupSeconds of load on the gate and on nginx before the first round, for each traffic
/// @param callers connections of the closed loop
/// @param openRate calls a second of the open loop
/// @param gapMicros between two events of a stream
/// @param starts how often each way of starting is timed
/// @param gate false = direct and nginx only
/// @param quick nginx and the gate with small calls only, no result written: for work on speed
/// @param services what passes through self-hosted services instead of a provider
record Options(
    Path root,
    int rounds,
    double seconds,
    double warmupSeconds,
    int callers,
    int openRate,
    long gapMicros,
    int starts,
    boolean gate,
    boolean quick,
    boolean services) {

  /// @param arguments `--name value` pairs, as in `bench/run --rounds 5`
  static Options from(String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      given.put(arguments[i], arguments[i + 1]);
    }
    Options options =
        new Options(
            Path.of(take(given, "--root", ".")).toAbsolutePath().normalize(),
            Integer.parseInt(take(given, "--rounds", "3")),
            Double.parseDouble(take(given, "--seconds", "8")),
            Double.parseDouble(take(given, "--warmup", "20")),
            Integer.parseInt(take(given, "--callers", "32")),
            Integer.parseInt(take(given, "--open-rate", "2000")),
            Long.parseLong(take(given, "--gap-micros", "0")),
            Integer.parseInt(take(given, "--starts", "5")),
            Boolean.parseBoolean(take(given, "--gate", "true")),
            Boolean.parseBoolean(take(given, "--quick", "false")),
            Boolean.parseBoolean(take(given, "--services", "false")));
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          given.keySet()
              + " (expected: --rounds --seconds --warmup --callers --open-rate --gap-micros --starts"
              + " --gate --quick --services)");
    }
    return options;
  }

  List<Traffic> traffics() {
    if (services) {
      return List.of(Traffic.SERVICE, Traffic.LONG);
    }
    return quick ? List.of(Traffic.SMALL) : List.of(Traffic.SMALL, Traffic.STREAM);
  }

  private static String take(Map<String, String> given, String name, String fallback) {
    String value = given.remove(name);
    return value == null ? fallback : value;
  }
}
