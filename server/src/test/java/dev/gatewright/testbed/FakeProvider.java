package dev.gatewright.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider over loopback that does exactly what it is told, at any byte, and remembers what it
/// saw: the "teller" that the gate's own records are compared with. Thread-safe.
///
/// Without a script it answers like a well-behaved provider ([Answers#STANDARD]).
public final class FakeProvider implements AutoCloseable {
  private final ServerSocket listener;
  private final boolean mute;
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<FakeConnection> connections = new CopyOnWriteArrayList<>();
  private final Queue<SeenRequest> seen = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<SeenRequest> arrivals = new LinkedBlockingQueue<>();
  private final Queue<Script> once = new ConcurrentLinkedQueue<>();
  private volatile Script script = Answers.STANDARD;
  private volatile boolean remember = true;

  private FakeProvider(int port, boolean mute) throws IOException {
    this.mute = mute;
    this.listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
    Thread.ofPlatform().daemon().name("fake-provider-accept").start(this::accept);
  }

  public static FakeProvider start() throws IOException {
    return new FakeProvider(0, false);
  }

  /// On a port that was refused until now.
  static FakeProvider startOn(int port) throws IOException {
    return new FakeProvider(port, false);
  }

  /// Accepts connections and never says a word: for TLS handshakes that do not end.
  static FakeProvider startMute() throws IOException {
    return new FakeProvider(0, true);
  }

  /// A port of the loopback address where nobody listens.
  static int refusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// For a provider's `base-url`.
  public String baseUrl() {
    return "http://127.0.0.1:" + port() + "/v1";
  }

  /// From now on every request is answered so, unless [#next] says otherwise.
  public void answer(Script script) {
    this.script = script;
  }

  /// The next requests are answered by these, one each, in this order.
  void next(Script... scripts) {
    once.addAll(List.of(scripts));
  }

  /// Answers in the standard way again, and forgets what it saw so far.
  void reset() {
    once.clear();
    script = Answers.STANDARD;
    seen.clear();
    arrivals.clear();
  }

  /// Stops keeping requests, for load whose records would fill the memory.
  public void forget() {
    remember = false;
  }

  /// All requests so far, in order of arrival.
  List<SeenRequest> seen() {
    return List.copyOf(seen);
  }

  List<FakeConnection> connections() {
    return List.copyOf(connections);
  }

  /// The next request not yet taken by this method.
  ///
  /// @throws AssertionError if none arrives in time
  SeenRequest take() throws InterruptedException {
    SeenRequest request = arrivals.poll(20, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request reached the provider within 20 s");
    }
    return request;
  }

  /// The next connection accepted after `known` ones.
  FakeConnection connectionAfter(int known) throws InterruptedException {
    Await.until("a connection", Duration.ofSeconds(20), () -> connections.size() > known);
    return connections.get(known);
  }

  int nextNumber() {
    return numbers.incrementAndGet();
  }

  /// How many requests have arrived, kept or not.
  int count() {
    return numbers.get();
  }

  /// Stops listening and closes every connection.
  @Override
  public void close() throws IOException {
    listener.close();
    for (FakeConnection connection : connections) {
      connection.close(false);
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        FakeConnection connection = new FakeConnection(socket);
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return; // Closed: this provider is down from now on.
      }
    }
  }

  private void serve(FakeConnection connection) {
    try {
      if (mute) {
        connection.swallow();
      }
      while (true) {
        SeenRequest request = connection.next(this);
        if (remember) {
          seen.add(request);
          arrivals.add(request);
        }
        Script chosen = once.poll();
        Script running = chosen == null ? script : chosen;
        Thread.ofVirtual().start(() -> run(running, request, connection));
      }
    } catch (IOException e) {
      connection.ended(System.nanoTime());
    }
    if (!remember) {
      connections.remove(connection);
    }
    shut(connection);
  }

  private static void run(Script script, SeenRequest request, FakeConnection connection) {
    try {
      script.answer(request, connection.wire());
    } catch (IOException e) {
      // The gate left before the script's end; `closed()` tells when.
      shut(connection);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void shut(FakeConnection connection) {
    try {
      connection.close(false);
    } catch (IOException e) {
      // Closed already.
    }
  }
}
