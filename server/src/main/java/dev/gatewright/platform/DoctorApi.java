package dev.gatewright.platform;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.platform.doctor.Doctor;
import dev.gatewright.platform.doctor.Finding;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// REST of what `gatewright doctor` says, asked of the server itself. Thread-safe.
final class DoctorApi {
  /// A look opens connections: whoever asks again within this hears the same.
  private static final long FRESH_MILLIS = 5_000;

  private final ConfigSources sources;
  private final Doctor doctor;
  private final Time time;

  /// By whether providers and services were asked, too.
  private final Map<Boolean, Look> last = new HashMap<>();

  private record Look(CompletableFuture<View> view, long begunMillis) {}

  DoctorApi(ConfigSources sources, Doctor doctor, Time time) {
    this.sources = sources;
    this.doctor = doctor;
    this.time = time;
  }

  ApiRoute route() {
    return ApiRoute.get("/api/platform/doctor", Access.platform(), this::show).query("network");
  }

  /// The schema `PlatformDoctor`.
  record View(Instant at, List<Check> checks) {}

  /// @param remedy null = nothing is to be done
  record Check(
      String id, String status, String message, @JsonProperty("do") @Nullable String remedy) {
    static Check of(Finding finding) {
      return new Check(
          finding.id(),
          finding.status().word(),
          finding.message(),
          finding.remedy().isEmpty() ? null : finding.remedy());
    }
  }

  /// GET /api/platform/doctor
  private Answer show(ApiCall call) {
    return Answer.ok(look(call.query().flag("network")).join());
  }

  /// One look of a kind at a time: who asks meanwhile waits for the one that is under way.
  private synchronized CompletableFuture<View> look(boolean network) {
    Look now = last.get(network);
    long millis = time.millis();
    if (now == null || (now.view.isDone() && Math.abs(millis - now.begunMillis) >= FRESH_MILLIS)) {
      now = new Look(begin(Instant.ofEpochMilli(millis), network), millis);
      last.put(network, now);
    }
    return now.view;
  }

  /// On a thread of its own: the store's driver holds on to the one it is called on.
  private CompletableFuture<View> begin(Instant at, boolean network) {
    CompletableFuture<View> view = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("doctor")
        .start(() -> {
          try {
            List<Finding> findings = doctor.look(sources, network);
            view.complete(new View(at, findings.stream().map(Check::of).toList()));
          } catch (RuntimeException | LinkageError bug) {
            view.completeExceptionally(bug);
          }
        });
    return view;
  }
}
