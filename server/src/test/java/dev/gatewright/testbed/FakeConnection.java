package dev.gatewright.testbed;

import dev.gatewright.testbed.SeenRequest.Header;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One accepted connection. Its reader keeps reading while scripts write, so that the gate's close
/// is seen at once, whatever the script is doing.
final class FakeConnection {
  private static final int HEAD_BYTES_MAX = 128 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final Wire wire;
  private final CompletableFuture<Long> closed = new CompletableFuture<>();
  private int requests;

  FakeConnection(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    this.wire = new Wire(this, socket.getOutputStream());
  }

  Wire wire() {
    return wire;
  }

  /// Completes with `System.nanoTime()` of the moment the gate's end closed (or ours did).
  CompletableFuture<Long> closed() {
    return closed;
  }

  void close(boolean hard) throws IOException {
    if (hard && !socket.isClosed()) {
      socket.setSoLinger(true, 0);
    }
    socket.close();
  }

  void ended(long nanos) {
    closed.complete(nanos);
  }

  /// Reads and forgets until the gate closes.
  void swallow() throws IOException {
    byte[] buffer = new byte[8192];
    while (in.read(buffer) >= 0) {
      // What the gate says here is not looked at: this peer never answers.
    }
  }

  /// The next request, or null at the end of the connection.
  ///
  /// @param number the request's number at this provider
  SeenRequest next(FakeProvider provider) throws IOException {
    List<String> head = head();
    if (head.isEmpty()) {
      throw new EOFException();
    }
    String[] start = head.getFirst().split(" ", 3);
    List<Header> headers = new ArrayList<>();
    for (String line : head.subList(1, head.size())) {
      int colon = line.indexOf(':');
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    byte[] body = body(headers);
    requests++;
    return new SeenRequest(
        provider.nextNumber(),
        requests,
        start[0],
        start[1],
        List.copyOf(headers),
        body,
        System.nanoTime(),
        this);
  }

  private List<String> head() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int bytes = 0; bytes < HEAD_BYTES_MAX; ) {
      String line = line();
      bytes += line.length();
      if (line.isEmpty()) {
        return lines;
      }
      lines.add(line);
    }
    throw new IOException("request head over " + HEAD_BYTES_MAX + " bytes");
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.write(b);
    }
    byte[] bytes = line.toByteArray();
    if (bytes.length == 0 || bytes[bytes.length - 1] != '\r') {
      throw new IOException("the gate sent a bare LF");
    }
    return new String(bytes, 0, bytes.length - 1, StandardCharsets.ISO_8859_1);
  }

  private byte[] body(List<Header> headers) throws IOException {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("content-length")) {
        return exactly(Integer.parseInt(header.value()));
      }
      if (header.name().equalsIgnoreCase("transfer-encoding")) {
        return chunked();
      }
    }
    return new byte[0];
  }

  private byte[] chunked() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.write(exactly(size));
      line();
    }
    while (!line().isEmpty()) {
      // Trailers carry nothing this provider acts on.
    }
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }
}
