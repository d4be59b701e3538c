package dev.gatewright.relay.pool;

import dev.gatewright.relay.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An upstream over loopback made of bare sockets, so that it can answer anything at any moment.
public final class RawUpstream implements AutoCloseable {
  public interface Script {
    public void serve(RawPeer peer) throws IOException;
  }

  private final ServerSocket server;
  private final AtomicInteger accepted = new AtomicInteger();
  private final BlockingQueue<RawPeer> peers = new LinkedBlockingQueue<>();

  /// Every connection: one that a test lets go of would be closed by the garbage collector.
  private final Queue<RawPeer> all = new ConcurrentLinkedQueue<>();

  private RawUpstream(ServerSocket server) {
    this.server = server;
  }

  /// Each connection is served by `script` on a thread of its own.
  public static RawUpstream serving(Script script) {
    return serving(listen(), script);
  }

  public static RawUpstream serving(ServerSocket server, Script script) {
    RawUpstream upstream = new RawUpstream(server);
    Thread.ofVirtual().start(() -> upstream.accept(script));
    return upstream;
  }

  /// Connections wait in [#peer()] for the test to play the upstream's part.
  public static RawUpstream played() {
    return serving(_ -> {});
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(Script script) {
    try {
      while (true) {
        Socket socket = server.accept();
        accepted.incrementAndGet();
        RawPeer peer = new RawPeer(socket);
        all.add(peer);
        peers.add(peer);
        Thread.ofVirtual().start(() -> serve(script, peer));
      }
    } catch (IOException _) {
      // Closed: the test is over.
    }
  }

  private static void serve(Script script, RawPeer peer) {
    try {
      script.serve(peer);
    } catch (IOException | UncheckedIOException _) {
      // The other side has gone: scripts need not care.
    }
  }

  public Origin origin() {
    return new Origin(false, "127.0.0.1", server.getLocalPort());
  }

  public int accepted() {
    return accepted.get();
  }

  /// The next connection made.
  public RawPeer peer() throws InterruptedException {
    RawPeer peer = peers.poll(5, TimeUnit.SECONDS);
    if (peer == null) {
      throw new AssertionError("no connection within 5 s");
    }
    return peer;
  }

  /// The next connection, or null when none comes within 100 ms.
  public @Nullable RawPeer peerOrNull() throws InterruptedException {
    return peers.poll(100, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (RawPeer peer : all) {
      peer.close();
    }
  }
}
