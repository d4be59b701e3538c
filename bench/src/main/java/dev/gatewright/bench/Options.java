package dev.gatewright.bench;

import dev.gatewright.store.Database;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What `bench/run` was asked to do.
///
/// @param root the repository
/// @param parts what is measured
/// @param rounds how often each target is measured, in turns
/// @param seconds of each measurement
/// @param warmupSeconds of load on the gate and on nginx before the first round, for each traffic
/// @param callers connections of the closed loop
/// @param openRate calls a second of the open loop
/// @param gapMicros between two events of a stream
/// @param starts how often each way of starting is timed
/// @param nginxWorkers worker processes of nginx
/// @param usageRows rows of usage that questions are asked over
/// @param stores which those stand in
/// @param write whether the result is kept in `bench/results/`
record Options(
    Path root,
    Set<Part> parts,
    int rounds,
    double seconds,
    double warmupSeconds,
    int callers,
    int openRate,
    long gapMicros,
    int starts,
    int nginxWorkers,
    long usageRows,
    List<Database.Kind> stores,
    boolean write) {

  /// One table of the report.
  enum Part {
    /// Small chats, one after the other on each connection.
    SMALL,
    /// Streams of 50 events.
    STREAM,
    /// Small chats through a self-hosted service.
    SERVICE,
    /// Small chats with a token in place of a key, at a site, beside those without either.
    DOORS,
    /// Small chats by the clock.
    OPEN,
    /// 500 small chats a second to a provider that takes 20 ms: what the gate adds.
    ADDED,
    /// 60 s of small chats at a stretch.
    SUSTAINED,
    /// Small chats over three replicas on one PostgreSQL.
    REPLICAS,
    /// Small chats with rules on all four layers and a stored credential, beside plain ones.
    LAYERS,
    /// Lists over 100,000 keys of 1,000 organizations, and starts on them.
    LISTS,
    /// Calls by a token beside a flood of forged ones.
    FORGED,
    /// Questions about many rows of usage, and what calls notice while old ones are dropped.
    SCALE,
    /// What calls by the clock notice while the store is copied.
    BACKUP,
    /// Small chats over HTTP/2 and TLS, 16 at once on each of four connections; takes h2load.
    H2,
    /// 1 GiB through a self-hosted service, once at a time.
    LONG;

    static final Set<Part> USUAL =
        EnumSet.complementOf(EnumSet.of(FORGED, SCALE, BACKUP, H2, LONG));
  }

  private static final String EXPECTED =
      "expected: --parts --rounds --seconds --warmup --callers --open-rate --gap-micros --starts"
          + " --nginx-workers --usage-rows --stores --write, each with a value (bench/README.md)";

  /// @param arguments `--name value` pairs, as in `bench/run --rounds 5`
  static Options from(String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      given.put(arguments[i], i + 1 < arguments.length ? arguments[i + 1] : "");
    }
    if (given.remove("--help") != null) {
      throw new IllegalArgumentException(EXPECTED);
    }
    Options options =
        new Options(
            Path.of(take(given, "--root", ".")).toAbsolutePath().normalize(),
            parts(take(given, "--parts", "")),
            Integer.parseInt(take(given, "--rounds", "3")),
            Double.parseDouble(take(given, "--seconds", "8")),
            Double.parseDouble(take(given, "--warmup", "20")),
            Integer.parseInt(take(given, "--callers", "32")),
            Integer.parseInt(take(given, "--open-rate", "1000")),
            Long.parseLong(take(given, "--gap-micros", "0")),
            Integer.parseInt(take(given, "--starts", "5")),
            Integer.parseInt(take(given, "--nginx-workers", "1")),
            Long.parseLong(take(given, "--usage-rows", "1000000")),
            stores(take(given, "--stores", "sqlite,postgresql")),
            Boolean.parseBoolean(take(given, "--write", "true")));
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(given.keySet() + ": " + EXPECTED);
    }
    return options;
  }

  private static Set<Part> parts(String names) {
    return names.isEmpty()
        ? Part.USUAL
        : Arrays.stream(names.split(","))
            .map(name -> Part.valueOf(name.strip().toUpperCase(Locale.ROOT)))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
  }

  private static List<Database.Kind> stores(String names) {
    return Arrays.stream(names.split(","))
        .map(name ->
            switch (name.strip()) {
              case "sqlite" -> Database.Kind.SQLITE;
              case "postgresql" -> Database.Kind.POSTGRES;
              default ->
                  throw new IllegalArgumentException(
                      "--stores: %s (expected: sqlite, postgresql)".formatted(name));
            })
        .toList();
  }

  boolean measures(Part part) {
    return parts.contains(part);
  }

  private static String take(Map<String, String> given, String name, String fallback) {
    String value = given.remove(name);
    return value == null ? fallback : value;
  }
}
