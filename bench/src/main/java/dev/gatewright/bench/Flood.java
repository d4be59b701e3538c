package dev.gatewright.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// Calls that nobody should let in, each with another text in place of a key and from another
/// network, sent by the clock until it is closed.
final class Flood implements AutoCloseable {
  private static final int THREADS = 4;

  private final LongAdder sent = new LongAdder();
  private final LongAdder letIn = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  /// @param perSecond of all of them; 0 = none
  /// @param forge makes a key's place holder
  Flood(int port, int perSecond, Function<Random, String> forge) {
    for (int i = 0; i < THREADS && perSecond > 0; i++) {
      Random random = new Random(i);
      threads.add(
          Thread.ofPlatform()
              .name("flood-", i)
              .daemon()
              .start(() -> send(port, perSecond, () -> request(port, random, forge))));
    }
  }

  private interface Next {
    byte[] request();
  }

  private void send(int port, int perSecond, Next next) {
    long gapNanos = 1_000_000_000L * THREADS / perSecond;
    long due = System.nanoTime();
    while (running) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        while (running) {
          LockSupport.parkNanos(due - System.nanoTime());
          due += gapNanos;
          socket.getOutputStream().write(next.request());
          int status = status(in);
          sent.increment();
          if (status < 400) {
            letIn.increment();
          }
        }
      } catch (IOException _) {
        // It may close on who goes on like this; so does whoever goes on.
      }
    }
  }

  private static byte[] request(int port, Random random, Function<Random, String> forge) {
    return """
    GET /v1/models HTTP/1.1\r
    Host: 127.0.0.1:%d\r
    X-Forwarded-For: %d.%d.%d.%d\r
    Authorization: Bearer %s\r
    \r
    """
        .formatted(
            port,
            20 + random.nextInt(60),
            random.nextInt(256),
            random.nextInt(256),
            random.nextInt(256),
            forge.apply(random))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Reads an answer with a `content-length`.
  private static int status(InputStream in) throws IOException {
    String first = line(in);
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return Integer.parseInt(first.substring(9, 12));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  long sent() {
    return sent.sum();
  }

  long letIn() {
    return letIn.sum();
  }

  @Override
  public void close() {
    running = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
