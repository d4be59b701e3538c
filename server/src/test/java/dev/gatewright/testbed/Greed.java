package dev.gatewright.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Somebody who takes all he can get and gives nothing back: connections with something begun on
/// each, all from one address. One thread at a time.
final class Greed implements AutoCloseable {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.66");

  private final int port;
  private final List<Socket> sockets = new ArrayList<>();

  Greed(int port) {
    this.port = port;
  }

  /// Opens `count` connections and sends the same on each.
  ///
  /// @param head request line and header lines, without the last empty one
  /// @param body how much of a body follows
  Greed begin(int count, List<String> head, int body) throws IOException {
    return begin(count, head, body, "\r\n\r\n");
  }

  /// @param end of the head; empty where it is to stay unfinished
  Greed begin(int count, List<String> head, int body, String end) throws IOException {
    byte[] lines = (String.join("\r\n", head) + end).getBytes(StandardCharsets.ISO_8859_1);
    byte[] part = "x".repeat(body).getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, ADDRESS, 0);
      sockets.add(socket);
      send(socket, lines);
      send(socket, part);
    }
    return this;
  }

  /// A few more bytes on each.
  void trickle() {
    byte[] drop = "x".repeat(100).getBytes(StandardCharsets.ISO_8859_1);
    sockets.forEach(socket -> send(socket, drop));
  }

  /// One that was refused and closed has had its answer.
  private static void send(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException _) {
      // Refused.
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
