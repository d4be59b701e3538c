package dev.gatewright.relay.dial;

import dev.gatewright.edge.Transport;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Names by Netty's own resolver, which never blocks: `/etc/hosts` first, then DNS. Answers are
/// kept for their time to live, at most a minute, so that a provider that moves is followed.
/// Thread-safe.
public final class DnsNames implements NameResolver {
  private static final int TTL_SECONDS_MAX = 60;
  private static final int NEGATIVE_TTL_SECONDS = 2;
  private static final int NAMES_MAX = 1024;
  private static final long QUERY_MILLIS = 2_000;

  private final DnsCache cache = new BoundedCache();
  private final DnsAddressResolverGroup group;

  public DnsNames(Transport transport) {
    group =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder()
                .datagramChannelType(transport.datagramChannel())
                .socketChannelType(transport.clientChannel())
                .queryTimeoutMillis(QUERY_MILLIS)
                .resolveCache(cache));
  }

  @Override
  public Future<List<InetAddress>> resolve(EventLoop loop, String name) {
    Promise<List<InetAddress>> promise = loop.newPromise();
    group
        .getResolver(loop)
        .resolveAll(InetSocketAddress.createUnresolved(name, 1))
        .addListener((Future<List<InetSocketAddress>> found) -> {
          if (found.isSuccess()) {
            promise.setSuccess(found.getNow().stream().map(InetSocketAddress::getAddress).toList());
          } else {
            promise.setFailure(found.cause());
          }
        });
    return promise;
  }

  @Override
  public void close() {
    group.close();
  }

  /// Netty's cache has no bound of its own; names come from configuration and, later, from tenants.
  private static final class BoundedCache implements DnsCache {
    private final DnsCache cache = new DefaultDnsCache(0, TTL_SECONDS_MAX, NEGATIVE_TTL_SECONDS);
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    @Override
    public void clear() {
      names.clear();
      cache.clear();
    }

    @Override
    public boolean clear(String hostname) {
      names.remove(hostname);
      return cache.clear(hostname);
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
      return cache.get(hostname, additionals);
    }

    @Override
    public DnsCacheEntry cache(
        String hostname,
        DnsRecord[] additionals,
        InetAddress address,
        long originalTtl,
        EventLoop loop) {
      bound(hostname);
      return cache.cache(hostname, additionals, address, originalTtl, loop);
    }

    @Override
    public DnsCacheEntry cache(
        String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
      bound(hostname);
      return cache.cache(hostname, additionals, cause, loop);
    }

    /// Full: forget everything. It costs a look-up a name, and an order of use would cost more.
    private void bound(String hostname) {
      if (names.add(hostname) && names.size() > NAMES_MAX) {
        clear();
        names.add(hostname);
      }
    }
  }
}
