package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A caller at the level of the socket, who sees each chunk as it comes and leaves when told to.
final class RawCaller implements AutoCloseable {
  /// @param headers by lower-case name
  record Head(int status, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// @param text of the body, without framing
  record Reply(Head head, String text) {
    int status() {
      return head.status();
    }

    String header(String name) {
      return head.header(name);
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawCaller(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawCaller post(String path, String key, String body, String... headers) throws IOException {
    return request("POST", path, key, body, headers);
  }

  RawCaller request(String method, String path, String key, String body, String... headers)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    String head =
        "%s %s HTTP/1.1\r\nhost: gate\r\nauthorization: Bearer %s\r\n%scontent-length: %d\r\n\r\n"
            .formatted(method, path, key, lines, bytes.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(UTF_8));
    all.writeBytes(bytes);
    try {
      socket.getOutputStream().write(all.toByteArray());
    } catch (SocketException refusedMeanwhile) {
      // A body that is too long is answered before it has come; the answer is there to be read.
      return this;
    }
    return this;
  }

  /// The head of a request and only so many bytes of its body.
  void begin(String path, String key, String body, int bytes) throws IOException {
    String head =
        "POST %s HTTP/1.1\r\nhost: gate\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n"
            .formatted(path, key, body.length());
    socket.getOutputStream().write((head + body.substring(0, bytes)).getBytes(UTF_8));
  }

  /// True when nothing comes for so long.
  boolean silentFor(int millis) throws IOException {
    socket.setSoTimeout(millis);
    in.mark(1);
    try {
      in.read();
      in.reset();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(10_000);
    }
  }

  byte[] bytes(int length) throws IOException {
    return in.readNBytes(length);
  }

  Head head() throws IOException {
    String[] lines = line().split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(lines[1]), headers);
  }

  /// The next chunk; empty at the clean end.
  ///
  /// @throws IOException when the answer was broken off
  String chunk() throws IOException {
    int size = Integer.parseInt(line(), 16);
    String text = new String(in.readNBytes(size), UTF_8);
    line();
    return text;
  }

  Reply reply() throws IOException {
    Head head = head();
    if (head.header("transfer-encoding").equals("chunked")) {
      StringBuilder text = new StringBuilder();
      for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
        text.append(chunk);
      }
      return new Reply(head, text.toString());
    }
    int length = Integer.parseInt("0" + head.header("content-length"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("broken off after %d of %d bytes".formatted(body.length, length));
    }
    return new Reply(head, new String(body, UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int octet = in.read();
    while (octet != '\n') {
      if (octet < 0) {
        throw new EOFException("broken off");
      }
      line.append((char) octet);
      octet = in.read();
    }
    return line.substring(0, line.length() - 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
