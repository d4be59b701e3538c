package dev.gatewright.testbed;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A caller at the level of the socket: sees every byte as it comes and leaves when it is told to.
/// One thread at a time.
public final class RawClient implements AutoCloseable {
  /// @param headers names in lower case; of a repeated one, the last
  record Head(int status, Map<String, String> headers) {
    boolean chunked() {
      return "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
    }
  }

  /// @param body without chunk framing
  @SuppressWarnings(
      "ArrayRecordComponent") // The bytes are the point; nobody compares these records.
  record Answer(Head head, byte[] body) {
    int status() {
      return head.status();
    }

    @Nullable String header(String name) {
      return head.headers().get(name);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final Socket socket;
  private final InputStream in;
  private int chunkLeft;
  private boolean chunkEnded;

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /// @param receiveBuffer bytes of the socket's receive buffer; 0 = the system's choice
  RawClient(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    socket.setTcpNoDelay(true);
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
  }

  /// How long a read may wait; longer is a [java.net.SocketTimeoutException].
  RawClient patience(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    return this;
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /// A POST with its length and a bearer key.
  RawClient post(String path, String key, byte[] body, String... headers) throws IOException {
    return request("POST", path, key, body, headers);
  }

  RawClient post(String path, String key, String body, String... headers) throws IOException {
    return post(path, key, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  RawClient get(String path, String key, String... headers) throws IOException {
    return request("GET", path, key, new byte[0], headers);
  }

  RawClient request(String method, String path, String key, byte[] body, String... headers)
      throws IOException {
    StringBuilder head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: localhost\r\n");
    if (!key.isEmpty()) {
      head.append("authorization: Bearer ").append(key).append("\r\n");
    }
    if (body.length > 0) {
      head.append("content-type: application/json\r\n");
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return send(all);
  }

  Head head() throws IOException {
    String[] start = line().split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(start[1]), headers);
  }

  /// The whole answer; throws [EOFException] or a reset where it is cut.
  Answer answer() throws IOException {
    Head head = head();
    return new Answer(head, body(head));
  }

  /// The rest of an answer whose head has been read.
  byte[] body(Head head) throws IOException {
    String length = head.headers().get("content-length");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (head.chunked()) {
      for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        body.write(chunk);
      }
    } else if (length != null) {
      byte[] bytes = in.readNBytes(Integer.parseInt(length));
      if (bytes.length < Integer.parseInt(length)) {
        throw new EOFException("%d of %s bytes".formatted(bytes.length, length));
      }
      body.write(bytes);
    }
    return body.toByteArray();
  }

  /// The next chunk of a chunked answer; empty at its proper end.
  byte[] chunk() throws IOException {
    int size = Integer.parseInt(line(), 16);
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("chunk of %d bytes cut at %d".formatted(size, bytes.length));
    }
    line();
    return bytes;
  }

  /// Exactly that many bytes of a chunked answer's body, over as many chunks as it takes; fewer at
  /// its proper end.
  String text(int length) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (text.size() < length) {
      if (chunkLeft == 0) {
        chunkLeft = chunkEnded ? 0 : Integer.parseInt(line(), 16);
        if (chunkLeft == 0) {
          chunkEnded = true;
          break;
        }
      }
      byte[] part = in.readNBytes(Math.min(chunkLeft, length - text.size()));
      if (part.length == 0) {
        throw new EOFException("the stream was cut after " + text.size() + " bytes");
      }
      text.write(part);
      chunkLeft -= part.length;
      if (chunkLeft == 0) {
        line();
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /// One byte of whatever comes; -1 at the end of the connection.
  int read() throws IOException {
    return in.read();
  }

  /// FIN of our write half only.
  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /// Leaves; returns `System.nanoTime()` just before.
  ///
  /// @param hard RST instead of FIN
  long leave(boolean hard) throws IOException {
    if (hard) {
      socket.setSoLinger(true, 0);
    }
    long now = System.nanoTime();
    socket.close();
    return now;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
