package dev.gatewright.testbed;

import dev.gatewright.edge.WebSocketHandshake;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A WebSocket backend on bare sockets: sends every frame back as it came, unmasked, and remembers
/// what it saw. Words in the request's query make it odd: `status=404`, `wrong-accept`,
/// `wrong-protocol`, `mute` (names no protocol), `deaf` (reads no frame before it is told to).
/// Thread-safe.
final class EchoBackend implements AutoCloseable {

  /// One connection.
  static final class Visit {
    final String head;
    final Socket socket;
    final CompletableFuture<Long> closed = new CompletableFuture<>();
    final CountDownLatch hears = new CountDownLatch(1);
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    private Visit(String head, Socket socket) {
      this.head = head;
      this.socket = socket;
    }

    /// Sends bytes as they are.
    void send(byte[] bytes) throws IOException {
      synchronized (frames) {
        socket.getOutputStream().write(bytes);
      }
    }

    /// `opcode:length` of the next frame that came.
    String frame() throws InterruptedException {
      String frame = frames.poll(20, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no frame within 20 s");
      }
      return frame;
    }
  }

  private final ServerSocket listener;
  private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  private EchoBackend(ServerSocket listener) {
    this.listener = listener;
    Thread.ofPlatform().daemon().name("echo-backend").start(this::accept);
  }

  static EchoBackend start() throws IOException {
    return new EchoBackend(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /// The next connection whose handshake was read.
  Visit visit() throws InterruptedException {
    Visit visit = visits.poll(20, TimeUnit.SECONDS);
    if (visit == null) {
      throw new AssertionError("nobody came within 20 s");
    }
    return visit;
  }

  boolean nobodyWaits() {
    return visits.isEmpty();
  }

  /// Every head that ever came.
  String seen() {
    synchronized (seen) {
      return seen.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
      String head = head(in);
      synchronized (seen) {
        seen.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
      }
      if (!head.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket\r\n")) {
        // The gate's probe.
        write(socket, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        return;
      }
      Visit visit = new Visit(head, socket);
      write(socket, answer(head));
      visits.add(visit);
      try {
        if (head.contains("deaf")) {
          visit.hears.await();
        }
        frames(in, visit);
      } catch (IOException _) {
        // Told below.
      } finally {
        visit.closed.complete(System.nanoTime());
      }
    } catch (IOException | InterruptedException _) {
      // Nobody there.
    }
  }

  private static String answer(String head) {
    String target = head.split(" ", 3)[1];
    int status = target.indexOf("status=");
    if (status > 0) {
      return "HTTP/1.1 %s Odd\r\ncontent-length: 4\r\nset-cookie: a=b\r\n\r\nodd."
          .formatted(target.substring(status + 7, status + 10));
    }
    String key = target.contains("wrong-accept") ? "other" : header(head, "sec-websocket-key");
    String offered = header(head, "sec-websocket-protocol");
    String chosen = target.contains("wrong-protocol") ? "never-offered" : offered.split(",")[0];
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + WebSocketHandshake.accept(key)
        + "\r\n"
        + (chosen.isEmpty() || target.contains("mute")
            ? ""
            : "Sec-WebSocket-Protocol: " + chosen + "\r\n")
        + "\r\n";
  }

  private static String header(String head, String name) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }

  private static String head(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private static void frames(DataInputStream in, Visit visit) throws IOException {
    while (true) {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      int seven = second & 0x7f;
      long length = seven == 126 ? in.readUnsignedShort() : seven == 127 ? in.readLong() : seven;
      byte[] mask = in.readNBytes(second > 0x7f ? 4 : 0);
      byte[] payload = in.readNBytes((int) length);
      for (int i = 0; i < payload.length && mask.length == 4; i++) {
        payload[i] ^= mask[i & 3];
      }
      int opcode = first & 0xf;
      visit.frames.add(opcode + ":" + (opcode == 8 ? code(payload) : length));
      visit.send(frame(opcode == 9 ? 0x8a : first, payload));
      if (opcode == 8) {
        return;
      }
    }
  }

  private static long code(byte[] payload) {
    return payload.length < 2 ? 0 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
  }

  /// An unmasked frame.
  static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 1 << 16) {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
