package dev.gatewright.relay.pool;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The upstream's end of one connection.
public final class RawPeer {
  public final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  public RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(5_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /// One whole request as it came, head and body.
  public String request() throws IOException {
    String head = until("\r\n\r\n");
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ");
    if (at >= 0) {
      int length = Integer.parseInt(lower.substring(at + 16, lower.indexOf("\r\n", at)));
      return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }
    return lower.contains("transfer-encoding: chunked") ? head + until("0\r\n\r\n") : head;
  }

  /// The head of one request, or nothing when the other side closes first.
  public String requestOrEmpty() {
    try {
      return request();
    } catch (IOException _) {
      return "";
    }
  }

  public int read() throws IOException {
    return in.read();
  }

  /// Everything up to and with `end`.
  public String until(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < end.length() || text.indexOf(end, text.length() - end.length()) < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("closed after: " + text);
      }
      text.append((char) c);
    }
    return text.toString();
  }

  /// The body of one answer with a length, for a peer that plays the caller.
  public String answerBody() throws IOException {
    String head = until("\r\n\r\n").toLowerCase(Locale.ROOT);
    int at = head.indexOf("content-length: ") + 16;
    int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)));
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  /// Reads and forgets `bytes`, or fewer when the other side closes.
  public long skip(long bytes) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long skipped = 0;
    while (skipped < bytes) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, bytes - skipped));
      if (read < 0) {
        return skipped;
      }
      skipped += read;
    }
    return skipped;
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /// An answer of 200 with `body` and its length.
  public void answer(String body) throws IOException {
    send("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
  }

  /// Waits until the other side closes.
  ///
  /// @return nanoseconds of the JVM's steady counter at that moment
  public long awaitClosed() throws IOException {
    try {
      while (in.read() >= 0) {
        // What it still sends does not matter.
      }
    } catch (java.net.SocketException _) {
      // A reset is a close too.
    }
    return System.nanoTime();
  }

  /// Closes by RST instead of FIN.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
