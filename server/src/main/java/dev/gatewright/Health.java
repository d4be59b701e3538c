package dev.gatewright;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a load balancer may know: whether this process should get calls, and why not. Asked on
/// event loops, so every condition answers from memory. Thread-safe.
final class Health {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String version;
  private final String instance;
  private final BooleanSupplier draining;
  private final List<Supplier<@Nullable String>> conditions = new CopyOnWriteArrayList<>();
  private final List<Supplier<@Nullable String>> mentions = new CopyOnWriteArrayList<>();
  private final List<Shown> shown = new CopyOnWriteArrayList<>();
  private volatile boolean ready;
  private volatile boolean sealed;

  /// @param instance this process's name, for whoever must tell it from another at its address
  Health(String version, String instance, BooleanSupplier draining) {
    this.version = version;
    this.instance = instance;
    this.draining = draining;
  }

  private record Shown(String of, String field, Supplier<String> value) {}

  /// @param value what stands at `of.field`, healthy or not
  void show(String of, String field, Supplier<String> value) {
    shown.add(new Shown(of, field, value));
  }

  /// @param reason why this process is not healthy; null while it is
  void require(Supplier<@Nullable String> reason) {
    conditions.add(reason);
  }

  /// @param warning what an operator should look at, though calls are served; null while there is
  ///   nothing
  void mention(Supplier<@Nullable String> warning) {
    mentions.add(warning);
  }

  /// The start is over: every plane answers, `server.json` is written.
  void ready() {
    ready = true;
  }

  /// For good, as long as this process lives: its keys cannot be opened.
  void seal() {
    sealed = true;
  }

  boolean healthy() {
    return ready && !sealed && !draining.getAsBoolean() && reasons().isEmpty();
  }

  /// `healthy`, `starting`, `draining`, `sealed` or `unhealthy`.
  String status() {
    return draining.getAsBoolean()
        ? "draining"
        : sealed ? "sealed" : !ready ? "starting" : reasons().isEmpty() ? "healthy" : "unhealthy";
  }

  private List<String> reasons() {
    return conditions.stream().map(Supplier::get).filter(Objects::nonNull).toList();
  }

  private List<String> warnings() {
    return mentions.stream().map(Supplier::get).filter(Objects::nonNull).toList();
  }

  /// What an operator should look at, whether or not calls are served.
  List<String> concerns() {
    return Stream.concat(reasons().stream(), warnings().stream()).toList();
  }

  /// GET /health
  void answer(Exchange exchange) {
    boolean healthy = healthy();
    ObjectNode json = JSON.createObjectNode();
    json.put("status", status());
    json.put("instance", instance);
    json.put("version", version);
    if (!healthy) {
      ArrayNode reasons = json.putArray("reasons");
      if (draining.getAsBoolean()) {
        reasons.add("this process is being stopped");
      } else if (sealed) {
        reasons.add(
            "this process was not given the store's master key: see `gatewright secrets status`");
      } else if (!ready) {
        reasons.add("this process is still starting");
      }
      reasons().forEach(reasons::add);
    }
    for (Shown each : shown) {
      json.withObject("/" + each.of).put(each.field, each.value.get());
    }
    List<String> warnings = warnings();
    if (!warnings.isEmpty()) {
      warnings.forEach(json.putArray("warnings")::add);
    }
    EdgeReply.json(exchange, healthy ? 200 : 503, json.toString());
  }

  /// GET /health/live: as long as the loop turns, this answers.
  static void answerLive(Exchange exchange) {
    EdgeReply.json(exchange, 200, "{\"status\":\"live\"}");
  }
}
