package dev.gatewright.room.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.access.CredentialLadder;
import dev.gatewright.room.access.RoomAdmission;
import dev.gatewright.room.access.RoomCaller;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.access.RoomVisits;
import dev.gatewright.room.life.RoomNames;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.store.StoreFailed;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What both surfaces of rooms share: who calls, one form of errors, and work that goes on when the
/// caller leaves. Thread-safe.
public final class RoomCallApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoomCallApi.class);
  private static final int FINISH_SECONDS_MAX = 35;
  private static final Set<Integer> FINAL = Set.of(401, 403);

  private final RoomAdmission admission;
  private final RoomVisits visits;
  private final ExecutorService finishing = Executors.newVirtualThreadPerTaskExecutor();

  public RoomCallApi(RoomAdmission admission, RoomVisits visits) {
    this.admission = admission;
    this.visits = visits;
  }

  RoomVisits visits() {
    return visits;
  }

  RoomCaller caller(Context context) {
    return admission.admit(
        name -> Collections.list(context.req().getHeaders(name)),
        client(context),
        requestId(context));
  }

  RoomVisit visit(Context context, String endpoint) {
    return visits.visit(
        caller(context), provider(context), single(context, CredentialLadder.HEADER), endpoint);
  }

  RoomVisit dry(Context context, String endpoint) {
    return visits.dry(
        caller(context), provider(context), single(context, CredentialLadder.HEADER), endpoint);
  }

  private static @Nullable String provider(Context context) {
    return single(context, "X-Provider");
  }

  /// Two credentials, or two providers, would leave open which one is meant.
  private static @Nullable String single(Context context, String name) {
    List<String> values = Collections.list(context.req().getHeaders(name));
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
  static String name(Context context, int status) {
    String name = context.pathParam("name");
    if (!RoomNames.mayAsk(name)) {
      throw new RoomRefused(
          RoomProblem.wrong(
              status, "/name", "name: not a room's name (expected: [A-Za-z0-9_-]{1,128})"));
    }
    return name;
  }

  /// Runs `work` to its end whatever becomes of the caller's connection, and waits for it.
  <T> T finish(Supplier<T> work) {
    try {
      return finishing.submit(work::get).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RoomRefused refused) {
        throw refused;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a room's work failed", e.getCause());
    } catch (RejectedExecutionException _) {
      throw stopping();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw stopping();
    }
  }

  private static RoomRefused stopping() {
    return new RoomRefused(
        RoomProblem.of(503, "api_error", "overloaded", "This gate is being stopped.")
            .retryAfter(5));
  }

  /// Gives every error the form of rooms.
  Handler guarded(Handler handler) {
    return context -> {
      try {
        handler.handle(context);
      } catch (RoomRefused refused) {
        answer(context, refused.problem());
      } catch (HttpResponseException failure) {
        String code = failure.getStatus() == 413 ? "body_too_large" : "invalid_request";
        answer(
            context,
            RoomProblem.of(
                failure.getStatus(),
                "invalid_request_error",
                code,
                String.valueOf(failure.getMessage())));
      } catch (StoreFailed failure) {
        LOG.warn("{}: the store failed: {}", requestId(context), failure.getMessage());
        answer(
            context,
            RoomProblem.of(503, "api_error", "overloaded", "Rooms cannot be read or written now.")
                .retryAfter(5));
      } catch (RuntimeException bug) {
        LOG.error("{} failed", requestId(context), bug);
        answer(
            context,
            RoomProblem.of(
                500,
                "api_error",
                "internal_error",
                "Something failed here; the request id finds it in the log."));
      }
    };
  }

  private static void answer(Context context, RoomProblem problem) {
    context.status(problem.status());
    if (problem.retryAfterSeconds() > 0) {
      context.header("retry-after", Integer.toString(problem.retryAfterSeconds()));
    }
    if (problem.status() == 401) {
      context.header("www-authenticate", "Bearer");
    }
    if (FINAL.contains(problem.status())) {
      context.header("x-should-retry", "false");
    }
    json(context, problem.toJson(requestId(context)));
  }

  static void json(Context context, ObjectNode body) {
    context.contentType("application/json").result(RoomJson.text(body));
  }

  /// The body as a JSON object.
  ///
  /// @param unreadable status when it is not JSON
  static ObjectNode body(Context context, int unreadable) {
    JsonNode body = RoomJson.parse(context.body());
    if (body instanceof ObjectNode object) {
      return object;
    }
    String message =
        body == null
            ? "body: not one JSON document, or a name in it twice (expected: a JSON object)"
            : "body: not an object (expected: a JSON object)";
    RoomProblem problem =
        RoomProblem.of(
            body == null ? unreadable : 422, "invalid_request_error", "invalid_request", message);
    throw new RoomRefused(problem);
  }

  static String requestId(Context context) {
    String id = context.header("x-gatewright-request-id");
    return id == null ? "req_unknown" : id;
  }

  /// The edge writes an address literal, so nothing is looked up here.
  private static InetAddress client(Context context) {
    String text = context.header("x-gatewright-client");
    return InetAddress.ofLiteral(text == null ? "" : text);
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
