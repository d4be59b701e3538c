package dev.gatewright.testbed.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sends one hostile body over a socket of its own and looks at the answer. Reads while it sends: a
/// gate may say no early.
record Http1Attack(int port, Map<Who, String> keys) implements Attack {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int ANSWER_MILLIS = 30_000;

  @Override
  public Seen run(Case attack, byte[] body) throws IOException, InterruptedException {
    try (Socket socket = connect()) {
      Thread sender = Thread.ofVirtual().start(() -> send(socket, attack, body));
      try {
        return read(socket.getInputStream());
      } finally {
        sender.join();
      }
    }
  }

  @Override
  public Seen hold(Case attack, byte[] body, AtomicBoolean going)
      throws IOException, InterruptedException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(head(attack, body.length));
      int sent = attack.kind() == Kind.UNFINISHED ? body.length / 2 : 0;
      out.write(body, 0, sent);
      while (going.get() && socket.getInputStream().available() == 0) {
        Thread.sleep(TRICKLE_MILLIS);
        if (attack.kind() == Kind.TRICKLED && sent < body.length - 1) {
          out.write(body[sent++]);
        }
      }
      return socket.getInputStream().available() == 0
          ? new Seen(0, 0, "")
          : read(socket.getInputStream());
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    socket.setSoTimeout(ANSWER_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private void send(Socket socket, Case attack, byte[] body) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(head(attack, body.length));
      out.write(body);
    } catch (IOException saidNoEarly) {
      // What the gate said is being read.
    }
  }

  private byte[] head(Case attack, int length) {
    StringBuilder head = new StringBuilder(attack.operation().method());
    head.append(' ').append(attack.operation().path()).append(" HTTP/1.1\r\nhost: localhost\r\n");
    String key = keys.get(attack.who());
    head.append(
        key == null ? "x-provider-auth: Bearer x\r\n" : "authorization: Bearer " + key + "\r\n");
    head.append("content-type: application/json\r\nconnection: close\r\ncontent-length: ");
    return head.append(length).append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static Seen read(InputStream raw) throws IOException {
    InputStream in = new BufferedInputStream(raw);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!ended(head)) {
      int next = in.read();
      if (next < 0) {
        return new Seen(0, 0, head.toString(StandardCharsets.ISO_8859_1));
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int status = Integer.parseInt(text.split(" ", 3)[1]);
    long left = length(text);
    long bytes = 0;
    StringBuilder start = new StringBuilder();
    byte[] buffer = new byte[8_192];
    int count = 0;
    while (bytes < left && count >= 0) {
      count = in.read(buffer, 0, (int) Math.min(buffer.length, left - bytes));
      if (count > 0) {
        bytes += count;
        if (start.length() < KEPT_BYTES_MAX) {
          start.append(new String(Arrays.copyOf(buffer, count), StandardCharsets.UTF_8));
        }
      }
    }
    start.setLength(Math.min(start.length(), KEPT_BYTES_MAX));
    return new Seen(status, bytes, start.toString());
  }

  private static boolean ended(ByteArrayOutputStream head) {
    return head.size() > 4 && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n");
  }

  /// Of the body; what is chunked ends with the connection.
  private static long length(String head) {
    for (String line : head.toLowerCase(Locale.ROOT).split("\r\n")) {
      if (line.startsWith("content-length:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return head.contains(" 204 ") || head.contains(" 304 ") ? 0 : Long.MAX_VALUE;
  }
}
