package dev.gatewright.relay.fetch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Calls out over HTTP from virtual threads: blocks for the whole answer. Addresses are checked
/// when dialled, redirects are not followed, the answer is bounded, and so is the time for all of
/// it. Thread-safe.
public final class Fetch implements AutoCloseable {
  /// Targets whose connections are kept at once; a further one closes the least used.
  private static final int TARGETS_MAX = 256;

  /// Idle targets are dropped after this.
  private static final Duration TARGET_KEPT = Duration.ofMinutes(5);

  /// Open connections to one target; calls beyond wait, then fail with phase `pool`.
  private static final int CONNECTIONS_MAX = 64;

  /// What is asked for.
  ///
  /// @param target path and query, origin form, encoded
  /// @param headers by lower-case name; values never appear in any text
  /// @param body UTF-8; null = none
  /// @param timeouts of each phase
  /// @param totalMillisMax from the call to the complete answer, a retry included
  /// @param bodyBytesMax of the answer; a longer one is a failure
  public record Request(
      Origin origin,
      DialRules rules,
      String method,
      String target,
      Map<String, Secret> headers,
      @Nullable String body,
      Timeouts timeouts,
      long totalMillisMax,
      int bodyBytesMax) {
    public Request {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return "Request[" + method + " " + origin + "]";
    }
  }

  /// What came of it.
  public sealed interface Fetched {
    /// A complete answer, whatever its status.
    ///
    /// @param headers by lower-case name; of a repeated header the first
    /// @param body as UTF-8; what is not UTF-8 in it is replaced
    record Answer(int status, Map<String, String> headers, String body) implements Fetched {
      public Answer {
        headers = Map.copyOf(headers);
      }
    }

    /// No complete answer.
    record Failed(UpstreamFailure failure) implements Fetched {}
  }

  private record Target(Origin origin, DialRules rules) {}

  private final Upstreams upstreams;
  private final EventLoopGroup loops;
  private final Cache<Target, Upstream> targets;

  /// @param loops where connections live; not closed by this
  public Fetch(Upstreams upstreams, EventLoopGroup loops) {
    this.upstreams = upstreams;
    this.loops = loops;
    this.targets =
        Caffeine.newBuilder()
            .maximumSize(TARGETS_MAX)
            .expireAfterAccess(TARGET_KEPT)
            .executor(Runnable::run)
            .evictionListener((@Nullable Target _, @Nullable Upstream upstream, RemovalCause _) ->
                close(upstream))
            .build();
  }

  /// By which its deadlines are.
  public Time time() {
    return upstreams.time();
  }

  /// Sends `request` and waits. A reused connection that turned out stale is replaced once.
  public Fetched send(Request request) {
    Target key = new Target(request.origin(), request.rules());
    Upstream upstream =
        targets.get(
            key, target -> upstreams.open(target.origin(), target.rules(), CONNECTIONS_MAX));
    long deadline = upstreams.time().nanos() + request.totalMillisMax() * 1_000_000;
    Fetched first = once(upstream, request, false, deadline);
    return first instanceof Fetched.Failed failed && failed.failure().retryOnFresh()
        ? once(upstream, request, true, deadline)
        : first;
  }

  private Fetched once(Upstream upstream, Request request, boolean fresh, long deadlineNanos) {
    EventLoop loop = loops.next();
    CompletableFuture<Fetched> result = new CompletableFuture<>();
    FetchListener listener = new FetchListener(result, request.bodyBytesMax());
    loop.execute(() -> listener.begin(upstream, loop, request, fresh));
    try {
      return result.get(deadlineNanos - upstreams.time().nanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      loop.execute(listener::cancel);
      return failed(true, "no complete answer within %d ms".formatted(request.totalMillisMax()));
    } catch (InterruptedException _) {
      loop.execute(listener::cancel);
      Thread.currentThread().interrupt();
      return failed(false, "the call was given up here");
    } catch (ExecutionException e) {
      throw new IllegalStateException("A call's listener failed.", e.getCause());
    }
  }

  static Fetched failed(boolean timeout, String message) {
    return new Fetched.Failed(new UpstreamFailure(Phase.IDLE, timeout, message, false));
  }

  private static void close(@Nullable Upstream upstream) {
    if (upstream != null) {
      upstream.close();
    }
  }

  @Override
  public void close() {
    targets.asMap().values().forEach(Fetch::close);
    targets.invalidateAll();
  }
}
