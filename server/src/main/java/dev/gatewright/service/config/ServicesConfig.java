package dev.gatewright.service.config;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.service.preset.Access;
import dev.gatewright.service.preset.PathMode;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.Presets;
import dev.gatewright.service.preset.ServiceEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The mapping list `services`.
///
/// @param services in the file's order
public record ServicesConfig(List<ServiceConfig> services) {
  public static final ServicesConfig NONE = new ServicesConfig(List.of());

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{1,30}");

  /// First segments of paths that are spoken for (DESIGN §1).
  private static final Set<String> RESERVED =
      Set.of(
          "v1", "v1beta", "api", "auth", "k", "health", "status", "docs", "console", "assets",
          "ollama", "metrics");

  private static final int CONCURRENCY_DEFAULT = 4;
  private static final int CONCURRENCY_MAX = 10_000;
  private static final int QUEUE_DEFAULT = 64;
  private static final int QUEUE_MAX = 10_000;
  private static final Duration WAIT_DEFAULT = Duration.ofMinutes(2);
  private static final Duration WAIT_MAX = Duration.ofHours(1);
  private static final int INSTANCES_MAX = 64;
  private static final Duration PHASE_MAX = Duration.ofHours(24);

  public ServicesConfig {
    services = List.copyOf(services);
  }

  /// May a service have this id? Says nothing of whether one has.
  public static boolean isId(String text) {
    return ID.matcher(text).matches() && !RESERVED.contains(text);
  }

  /// @param root the whole configuration
  /// @throws InvalidSetting when it does not fit
  public static ServicesConfig from(Settings root) {
    List<ServiceConfig> services = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Settings entry : root.list("services")) {
      ServiceConfig service = service(entry);
      if (!ids.add(service.id())) {
        throw invalid(entry, "id", service.id(), "an id used once");
      }
      services.add(service);
    }
    return new ServicesConfig(services);
  }

  private static ServiceConfig service(Settings entry) {
    String id = entry.text("id", "");
    if (!ID.matcher(id).matches()) {
      throw invalid(entry, "id", id, "2 to 31 lower-case letters, digits and -, a letter first");
    }
    if (RESERVED.contains(id)) {
      throw invalid(
          entry, "id", id, "none of " + String.join(", ", RESERVED.stream().sorted().toList()));
    }
    Preset preset = preset(entry);
    Settings queue = entry.section("queue");
    return new ServiceConfig(
        id,
        preset,
        instances(entry),
        path(entry, preset.path()),
        entry.integer("concurrency", CONCURRENCY_DEFAULT, 1, CONCURRENCY_MAX),
        queue.integer("length", QUEUE_DEFAULT, 0, QUEUE_MAX),
        queueWait(queue),
        upload(entry, preset),
        phases(entry.section("timeouts"), preset.phases()),
        ServiceCredential.from(entry.section("credential")),
        endpoints(entry, preset),
        BodyBounds.from(entry.section("bounds")),
        SocketLimits.from(entry.section("sockets")));
  }

  private static Preset preset(Settings entry) {
    String name = entry.text("preset", "");
    Preset preset = Presets.find(name);
    if (preset == null) {
      List<String> names = Presets.all().stream().map(Preset::id).toList();
      throw invalid(entry, "preset", name, "one of " + String.join(", ", names));
    }
    return preset;
  }

  private static List<BaseUrl> instances(Settings entry) {
    List<String> texts = entry.texts("instances");
    if (texts.isEmpty() || texts.size() > INSTANCES_MAX) {
      throw invalid(
          entry,
          "instances",
          Integer.toString(texts.size()),
          "1 to %d addresses such as http://10.0.0.5:11434".formatted(INSTANCES_MAX));
    }
    List<BaseUrl> instances = new ArrayList<>();
    for (String text : texts) {
      BaseUrl instance = BaseUrl.parse(entry.path() + ".instances", text);
      if (instances.contains(instance)) {
        throw invalid(entry, "instances", text, "each address once");
      }
      instances.add(instance);
    }
    return instances;
  }

  private static PathMode path(Settings entry, PathMode fallback) {
    String name = entry.text("path", fallback.id());
    for (PathMode mode : PathMode.values()) {
      if (mode.id().equals(name)) {
        return mode;
      }
    }
    throw invalid(entry, "path", name, "keep-api or after-api");
  }

  private static Duration queueWait(Settings queue) {
    Duration wait = queue.duration("wait", WAIT_DEFAULT);
    if (!wait.isPositive() || wait.compareTo(WAIT_MAX) > 0) {
      throw invalid(queue, "wait", wait.toString(), "> 0s and ≤ 1h");
    }
    return wait;
  }

  private static Timeouts phases(Settings entry, Timeouts fallback) {
    return new Timeouts(
        phase(entry, "connect", fallback.connect()),
        phase(entry, "first-byte", fallback.firstByte()),
        phase(entry, "idle", fallback.idle()));
  }

  private static Duration phase(Settings entry, String key, Duration fallback) {
    Duration limit = entry.duration(key, fallback);
    if (!limit.isPositive() || limit.compareTo(PHASE_MAX) > 0) {
      throw invalid(entry, key, limit.toSeconds() + " s", "> 0s and ≤ 24h");
    }
    return limit;
  }

  private static long upload(Settings entry, Preset preset) {
    long bytes = entry.bytes("max-upload", preset.uploadBytesMax());
    if (bytes < 1) {
      throw invalid(entry, "max-upload", Long.toString(bytes), "≥ 1B");
    }
    return bytes;
  }

  private static List<ServiceEndpoint> endpoints(Settings entry, Preset preset) {
    // The preset's own come first: what it keeps for managing keys stays so under an open path.
    List<ServiceEndpoint> endpoints = new ArrayList<>(preset.endpoints());
    for (String text : entry.texts("allow")) {
      ServiceEndpoint more;
      try {
        more = ServiceEndpoint.parse(text, Access.USE);
      } catch (IllegalArgumentException e) {
        throw new InvalidSetting(entry.path() + ".allow: " + e.getMessage());
      }
      for (ServiceEndpoint listed : preset.endpoints()) {
        if (listed.access() == Access.MANAGE
            && listed.method().equals(more.method())
            && listed.path().equals(more.path())) {
          throw invalid(
              entry,
              "allow",
              text,
              "nothing that preset " + preset.id() + " keeps for managing keys");
        }
      }
      endpoints.add(more);
    }
    return endpoints;
  }

  private static InvalidSetting invalid(Settings entry, String key, String value, String expected) {
    return new InvalidSetting(
        "%s.%s: %s (expected: %s)".formatted(entry.path(), key, value, expected));
  }
}
