package dev.gatewright.service.backend;

import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.service.config.ServiceConfig;
import dev.gatewright.service.preset.AllowList;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.share.Shares;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A service under its configuration, with its instances and its queue: replaced as a whole when
/// that changes. Thread-safe.
public final class Service {
  private final ServiceConfig config;
  private final AllowList allowList;
  private final Instances instances;
  private final FairQueue<Instance> queue;
  private final Shares sockets;
  private final ServicePace pace = new ServicePace();

  /// @param connectionsMax open connections to each instance
  public Service(
      ServiceConfig config, Upstreams upstreams, int connectionsMax, ShareLimits shares) {
    this(
        config,
        shares,
        url -> upstreams.open(url.origin(), DialRules.ALLOW_PRIVATE, connectionsMax));
  }

  private Service(ServiceConfig config, ShareLimits shares, Function<BaseUrl, Upstream> open) {
    this.config = config;
    this.allowList = new AllowList(config.endpoints());
    List<Instance> all = new ArrayList<>();
    for (BaseUrl url : config.instances()) {
      all.add(new Instance(url, open.apply(url), this::instancesChanged));
    }
    this.instances = new Instances(all, config.concurrency());
    this.queue = new FairQueue<>(instances, config.queueLength(), shares.slots());
    int sockets = Math.max(1, config.sockets().openMax());
    this.sockets = new Shares(sockets, ShareLimits.of(sockets, shares.sockets()), sockets, 0);
  }

  public String id() {
    return config.id();
  }

  public ServiceConfig config() {
    return config;
  }

  public Preset preset() {
    return config.preset();
  }

  public AllowList allowList() {
    return allowList;
  }

  /// @param rest the caller's path behind `/{service}`, raw: `/api/…`, `/ws` or `/ws/…`
  public String backendPath(String rest) {
    return ServicePath.underWs(rest) ? rest : config.path().backendPath(rest);
  }

  public Instances instances() {
    return instances;
  }

  /// WebSockets open or waiting, by key.
  public Shares sockets() {
    return sockets;
  }

  public FairQueue<Instance> queue() {
    return queue;
  }

  /// A call has ended that held a place for so long.
  void took(long nanos) {
    pace.took(nanos);
  }

  /// When a call might be served that has so many turns before its own, its own included.
  int retryAfterSeconds(int position) {
    return pace.secondsUntil(position, instances.places());
  }

  /// Why no call can be served, not even later; null while one can.
  public @Nullable String unavailable() {
    if (instances.best() != null) {
      return null;
    }
    boolean draining = instances.all().stream().allMatch(Instance::draining);
    return "The service `%s` has no instance that %s."
        .formatted(id(), draining ? "takes calls: all are draining" : "answers");
  }

  private void instancesChanged() {
    if (instances.best() == null) {
      queue.displaceAll();
    } else {
      queue.serve();
    }
  }

  /// Retires it: its running and waiting calls go on, on connections of their own.
  public void close() {
    instances.all().forEach(instance -> instance.upstream().close());
  }
}
