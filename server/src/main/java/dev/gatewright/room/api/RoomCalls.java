package dev.gatewright.room.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.room.access.RoomAdmission;
import dev.gatewright.room.access.RoomCaller;
import dev.gatewright.room.access.RoomCredential;
import dev.gatewright.room.access.RoomLimits;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.access.RoomVisits;
import dev.gatewright.room.life.RoomNames;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What both surfaces of rooms share: who calls, and work that goes on when the caller leaves.
/// Thread-safe.
public final class RoomCalls implements AutoCloseable {
  /// Longest body of every call on rooms.
  static final int BODY_BYTES_MAX = 64 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(RoomCalls.class);
  private static final int FINISH_SECONDS_MAX = 35;

  private final RoomAdmission admission;
  private final RoomVisits visits;
  private final RoomLimits limits;
  private final ExecutorService finishing = Executors.newVirtualThreadPerTaskExecutor();

  public RoomCalls(RoomAdmission admission, RoomVisits visits, RoomLimits limits) {
    this.admission = admission;
    this.visits = visits;
    this.limits = limits;
  }

  RoomVisits visits() {
    return visits;
  }

  RoomCaller caller(ApiCall call) {
    return admission.admit(call.headers(), call.client(), call.requestId());
  }

  /// What would become of a key's call, were it made.
  public Judge.Judgement judge(Caller caller, Judge.Question question) {
    return visits.judge(
        caller, InetAddress.getLoopbackAddress(), question.provider(), question.brings());
  }

  RoomVisit visit(ApiCall call) {
    return visits.visit(
        caller(call), provider(call), single(call, RoomCredential.HEADER), call.routeName());
  }

  RoomVisit dry(ApiCall call) {
    return visits.dry(
        caller(call), provider(call), single(call, RoomCredential.HEADER), call.routeName());
  }

  private static @Nullable String provider(ApiCall call) {
    return single(call, "X-Provider");
  }

  /// Two credentials, or two providers, would leave open which one is meant.
  private static @Nullable String single(ApiCall call, String name) {
    List<String> values = call.headers(name.toLowerCase(Locale.ROOT));
    if (values.size() > 1) {
      throw new RoomRefused(
          RoomProblem.of(
                  400,
                  "invalid_request_error",
                  "invalid_request",
                  "%s: %d times (expected: once)".formatted(name, values.size()))
              .at(name));
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /// A room's name in the path.
  static String name(ApiCall call, int status) {
    String name = call.path("name");
    if (!RoomNames.mayAsk(name)) {
      throw new RoomRefused(
          RoomProblem.wrong(
              status, "/name", "name: not a room's name (expected: [A-Za-z0-9_-]{1,128})"));
    }
    return name;
  }

  /// Runs `work` as a call that counts against the limits behind its key.
  <T> T counted(ApiCall call, RoomVisit visit, Supplier<T> work) {
    try (RoomLimits.Place _ = place(call, visit)) {
      return work.get();
    }
  }

  /// The same for work that goes to its end whatever becomes of the caller's connection. Waits for
  /// it; its place among the calls that run at once is free when it is done.
  <T> T finish(ApiCall call, RoomVisit visit, Supplier<T> work) {
    RoomLimits.Place place = place(call, visit);
    try {
      return submit(place, work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a room's work failed", e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw stopping();
    }
  }

  private RoomLimits.Place place(ApiCall call, RoomVisit visit) {
    return limits.take(visit.caller(), call.origin().host(), call::tell);
  }

  private <T> Future<T> submit(RoomLimits.Place place, Supplier<T> work) {
    try {
      return finishing.submit(() -> {
        try (place) {
          return work.get();
        }
      });
    } catch (RejectedExecutionException _) {
      place.close();
      throw stopping();
    }
  }

  private static RoomRefused stopping() {
    return new RoomRefused(
        RoomProblem.of(503, "api_error", "overloaded", "This gate is being stopped.")
            .retryAfter(5));
  }

  /// The body as a JSON object.
  static ObjectNode body(ApiCall call) {
    JsonNode body = call.tree();
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw new RoomRefused(
        RoomProblem.of(
            422,
            "invalid_request_error",
            "invalid_request",
            "body: not an object (expected: a JSON object)"));
  }

  /// Waits for what is under way: a room half made is a room nobody remembers.
  @Override
  public void close() {
    finishing.shutdown();
    try {
      if (!finishing.awaitTermination(FINISH_SECONDS_MAX, TimeUnit.SECONDS)) {
        LOG.warn("calls to room providers were still under way when this process stopped");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
