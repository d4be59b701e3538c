package dev.gatewright.relay.pool;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.dial.Dialer;
import dev.gatewright.relay.dial.DnsNames;
import dev.gatewright.relay.dial.NameResolver;
import dev.gatewright.relay.dial.UpstreamTls;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes upstreams and owns what they share: the dialer with its name resolver and TLS context, and
/// each event loop's watch over deadlines. One a process. Thread-safe.
public final class Upstreams implements AutoCloseable {
  private final Time time;
  private final Dialer dialer;
  private final Map<EventLoop, LoopWatch> watches = new ConcurrentHashMap<>();
  private final Set<UpstreamPool> pools = ConcurrentHashMap.newKeySet();

  public Upstreams(Time time) {
    this(time, DnsNames::new, UpstreamTls::system);
  }

  /// For tests: names that resolve as told, roots that are trusted as told.
  Upstreams(Time time, Function<Transport, NameResolver> resolverOf, Supplier<SslContext> tls) {
    this.time = time;
    this.dialer = new Dialer(resolverOf, new Once<>(tls));
  }

  /// A pool of its own for one target: two targets at the same origin share no connection, so
  /// neither starves the other.
  ///
  /// @param connectionsMax open connections over all event loops, idle ones included
  public Upstream open(Origin origin, DialRules rules, int connectionsMax) {
    UpstreamPool pool = new UpstreamPool(this, origin, rules, connectionsMax);
    pools.add(pool);
    return pool;
  }

  public Time time() {
    return time;
  }

  Dialer dialer() {
    return dialer;
  }

  LoopWatch watch(EventLoop loop) {
    LoopWatch watch = watches.get(loop);
    if (watch == null) {
      watch = watches.computeIfAbsent(loop, key -> new LoopWatch(key, time));
      loop.terminationFuture().addListener(_ -> watches.remove(loop));
    }
    return watch;
  }

  void closed(UpstreamPool pool) {
    pools.remove(pool);
  }

  /// How busy all of them are together.
  ///
  /// @param connections open ones
  /// @param waiting calls that wait for one
  /// @param full upstreams that have as many as they may
  public record Use(int connections, int waiting, int full) {}

  public Use use() {
    int connections = 0;
    int waiting = 0;
    int full = 0;
    for (UpstreamPool pool : pools) {
      connections += pool.connections();
      waiting += pool.waiting();
      full += pool.connections() >= pool.connectionsMax() ? 1 : 0;
    }
    return new Use(connections, waiting, full);
  }

  /// Retires every upstream.
  @Override
  public void close() {
    pools.forEach(UpstreamPool::close);
    dialer.close();
  }

  /// A value made at its first use, by one thread.
  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private volatile @Nullable T value;

    Once(Supplier<T> source) {
      this.source = source;
    }

    @Override
    public T get() {
      T made = value;
      if (made == null) {
        synchronized (this) {
          made = value;
          if (made == null) {
            made = source.get();
            value = made;
          }
        }
      }
      return made;
    }
  }
}
