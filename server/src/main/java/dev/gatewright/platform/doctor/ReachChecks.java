package dev.gatewright.platform.doctor;

import dev.gatewright.config.Settings;
import dev.gatewright.limit.count.RedisConfig;
import dev.gatewright.otlp.OtlpConfig;
import dev.gatewright.otlp.OtlpEnvironment;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.store.Stores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is reached from here: the store, Redis, collectors, an address. Blocks. Stateless.
final class ReachChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private ReachChecks() {}

  static Finding store(StoreConfig store) {
    String id = "store";
    if (store.postgres() == null && !Files.exists(store.dataFolder().resolve("gatewright.db"))) {
      return Finding.skipped(id, "The first start makes it.");
    }
    try {
      List<String> newer = Stores.future(store);
      if (!newer.isEmpty()) {
        return Finding.warning(
            id,
            "A newer program has changed its tables (%s).".formatted(newer.getLast()),
            "Run that one; this one works on them for a roll-back only (docs/operating/upgrade.md).");
      }
      List<String> pending = Stores.pending(store);
      return pending.isEmpty()
          ? Finding.ok(id, "It is reached, and its tables are up to date.")
          : Finding.warning(
              id,
              "%d migrations have not run.".formatted(pending.size()),
              "The next start runs them; before it: gatewright backup FILE, gatewright migrate.");
    } catch (StoreFailed failed) {
      return Finding.error(
          id,
          "It cannot be used: %s".formatted(failed.getMessage()),
          store.postgres() == null
              ? "Restore a backup: gatewright restore FILE --data FOLDER."
              : "Look at database-url, and whether PostgreSQL takes connections from here.");
    }
  }

  /// Whether Redis is there; what is asked of it is the server's business.
  static Finding redis(Settings settings) {
    String id = "redis";
    Secret url = RedisConfig.from(settings).url();
    if (url == null) {
      return Finding.skipped(id, "There is none: each process counts its share of limits.");
    }
    URI address = URI.create(url.expose());
    int port = address.getPort() > 0 ? address.getPort() : 6379;
    String away = away(address, port);
    return away == null
        ? Finding.ok(id, "%s:%d is reached.".formatted(address.getHost(), port))
        : Finding.warning(
            id,
            "%s:%d is not reached: %s. Each process counts its share of limits meanwhile."
                .formatted(address.getHost(), port, away),
            "Look at REDIS_URL and whether it takes connections from here (docs/operating/redis.md).");
  }

  /// Whether who is to be sent traces and metrics takes connections; nothing is sent.
  ///
  /// @throws IllegalArgumentException when an address is none
  static List<Finding> collectors(Map<String, String> environment) {
    OtlpConfig config = OtlpEnvironment.read(environment).config();
    Set<URI> addresses = new LinkedHashSet<>();
    for (OtlpConfig.@Nullable Way way :
        new OtlpConfig.@Nullable Way[] {config.traces(), config.metrics()}) {
      if (way != null) {
        addresses.add(way.endpoint().resolve("/"));
      }
    }
    if (addresses.isEmpty()) {
      return List.of(Finding.skipped("collector", "Traces and metrics are sent to nobody."));
    }
    return addresses.stream().map(ReachChecks::collector).toList();
  }

  private static Finding collector(URI address) {
    int port = port(address);
    String away = away(address, port);
    return away == null
        ? Finding.ok("collector", "%s:%d is reached.".formatted(address.getHost(), port))
        : Finding.warning(
            "collector",
            "%s:%d is not reached: %s. Calls go on, their spans are lost."
                .formatted(address.getHost(), port, away),
            "Look at OTEL_EXPORTER_OTLP_ENDPOINT and whether a collector takes OTLP over HTTP there.");
  }

  private static int port(URI address) {
    int standard = "http".equals(address.getScheme()) ? 80 : 443;
    return address.getPort() > 0 ? address.getPort() : standard;
  }

  /// @param setting where the address stands
  static Finding reached(String id, String setting, String text) {
    URI address;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException wrong) {
      return Finding.error(id, text + " is no address.", "Correct " + setting + ".");
    }
    int port = port(address);
    String away = away(address, port);
    return away == null
        ? Finding.ok(id, "%s:%d is reached.".formatted(address.getHost(), port))
        : notReached(id, setting, address.getHost() + ":" + port, away);
  }

  /// @param address who was asked
  static Finding notReached(String id, String setting, String address, String why) {
    return Finding.error(
        id,
        "%s is not reached: %s.".formatted(address, why),
        "Look at %s, name resolution and the firewall's way out.".formatted(setting));
  }

  /// Why nobody takes a connection there; null = somebody does.
  private static @Nullable String away(URI address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(String.valueOf(address.getHost()), port),
          (int) PATIENCE.toMillis());
      return null;
    } catch (IOException | IllegalArgumentException failed) {
      return String.valueOf(failed.getMessage());
    }
  }
}
