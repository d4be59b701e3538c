package dev.gatewright;

import dev.gatewright.call.Outward;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.handoff.Handoff;
import dev.gatewright.handoff.HandoffTerms;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Cursors;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.trace.Tracing;
import dev.gatewright.web.Entry;
import dev.gatewright.web.Portal;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The portal, started behind the edge on a thread of its own: data-plane calls need not wait for
/// it.
final class ControlPlane implements AutoCloseable, HandoffTerms.BodySizes {
  /// Fragments of the OpenAPI document that describe what the edge itself and the data plane serve.
  private static final List<String> OTHER_FRAGMENTS =
      List.of("edge", "admission", "llm", "ingress");

  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final int SECRET_BYTES = 32;

  private final Secret secret = newSecret();
  private final Tracing tracing;
  private volatile boolean begun;
  private volatile @Nullable List<Resource> resources;
  private final CompletableFuture<Portal> portal = new CompletableFuture<>();

  ControlPlane(Tracing tracing) {
    this.tracing = tracing;
  }

  /// Begins to start it.
  void start(Entry entry, Cursors cursors, List<Resource> served, String version) {
    resources = List.copyOf(served);
    begun = true;
    Thread.ofPlatform()
        .name("portal-start")
        .start(() -> {
          try {
            portal.complete(
                Portal.start(secret, tracing, entry, cursors, served, OTHER_FRAGMENTS, version));
          } catch (RuntimeException failure) {
            LOG.error("the portal could not be started", failure);
            portal.completeExceptionally(failure);
          }
        });
  }

  /// The longest body `method path` takes, for whoever receives it before it is handed over. Known
  /// before the portal listens; in the moment before that, the longest of all.
  ///
  /// @param path decoded, without the query
  @Override
  public long bodyBytesMax(String method, String path) {
    List<Resource> known = resources;
    return known == null ? ApiRoute.BODY_BYTES_MOST : Resource.bodyBytesMax(known, method, path);
  }

  @Override
  public boolean streams(String method, String path) {
    List<Resource> known = resources;
    return known != null && Resource.streams(known, method, path);
  }

  /// Hands exchanges to it, once it listens.
  EdgeHandler handoff(Outward outward, Upstreams upstreams, HandoffTerms terms) {
    return new Handoff(
        outward,
        upstreams,
        portal.thenApply(started -> new Origin(false, "127.0.0.1", started.port())),
        secret,
        terms);
  }

  /// Blocks until it listens.
  ///
  /// @throws CompletionException when it could not be started
  Portal await() {
    return portal.join();
  }

  private static Secret newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Secret.of(HexFormat.of().formatHex(bytes));
  }

  @Override
  public void close() {
    if (!begun) {
      return;
    }
    try {
      portal.join().close();
    } catch (CompletionException neverStarted) {
      // Said when it happened.
    }
  }
}
