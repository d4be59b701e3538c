package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider over loopback that writes exactly the bytes a test wants, when it wants.
final class RawProvider implements AutoCloseable {
  /// Answers one request; returning leaves the connection open for the next.
  interface Script {
    void answer(Seen seen, Connection to) throws IOException, InterruptedException;
  }

  /// @param head request line and headers, as they came
  record Seen(String head, String body) {
    String header(String name) {
      for (String line : head.split("\r\n", -1)) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
          return line.substring(name.length() + 1).strip();
        }
      }
      return "";
    }
  }

  /// One caller's connection.
  record Connection(Socket socket) {
    Connection send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.getOutputStream().flush();
      return this;
    }

    /// A whole answer with its length.
    void json(int status, String body) throws IOException {
      answer(status, "application/json", body);
    }

    void answer(int status, String type, String body) throws IOException {
      send(
          "HTTP/1.1 %d X\r\ncontent-type: %s\r\nx-request-id: up_1\r\nset-cookie: a=b\r\ncontent-length: %d\r\n\r\n"
                  .formatted(status, type, body.getBytes(UTF_8).length)
              + body);
    }

    Connection stream() throws IOException {
      return send(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
    }

    Connection chunk(String text) throws IOException {
      return send(Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n");
    }

    void end() throws IOException {
      send("0\r\n\r\n");
    }

    void cut() throws IOException {
      socket.close();
    }

    /// True once the other side has left.
    boolean left(int millis) throws IOException {
      socket.setSoTimeout(millis);
      try {
        return socket.getInputStream().read() < 0;
      } catch (java.net.SocketTimeoutException e) {
        return false;
      } catch (IOException reset) {
        return true;
      }
    }
  }

  private final ServerSocket listener;
  private final BlockingQueue<Seen> arrivals = new LinkedBlockingQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Script script = (_, to) -> to.json(200, "{}");

  RawProvider() throws IOException {
    listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void answer(Script newScript) {
    script = newScript;
  }

  Seen take() throws InterruptedException {
    Seen seen = arrivals.poll(10, TimeUnit.SECONDS);
    if (seen == null) {
      throw new AssertionError("no request reached the provider within 10 s");
    }
    return seen;
  }

  boolean untouched() {
    return arrivals.isEmpty();
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int octet = in.read();
          if (octet < 0) {
            return;
          }
          head.append((char) octet);
        }
        Seen bare = new Seen(head.toString(), "");
        byte[] body = in.readNBytes(Integer.parseInt("0" + bare.header("content-length")));
        Seen seen = new Seen(bare.head(), new String(body, UTF_8));
        arrivals.add(seen);
        script.answer(seen, new Connection(socket));
      }
    } catch (IOException | InterruptedException gone) {
      // The gate has left, or this provider is closed.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
