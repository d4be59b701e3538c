package dev.gatewright.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The provider's end of a connection, byte by byte: every call is one write to the socket, with
/// Nagle off. Used by one script at a time.
public final class Wire {
  private final FakeConnection connection;
  private final OutputStream out;

  Wire(FakeConnection connection, OutputStream out) {
    this.connection = connection;
    this.out = out;
  }

  Wire raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  Wire raw(String text) throws IOException {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A status line and headers, nothing added.
  ///
  /// @param headers lines such as `content-type: text/plain`
  Wire head(int status, String... headers) throws IOException {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return raw(text.append("\r\n").toString());
  }

  /// A complete answer with its length, in one write.
  Wire reply(int status, String contentType, byte[] body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
    head.append("content-type: ").append(contentType).append("\r\n");
    head.append("content-length: ").append(body.length).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return raw(all);
  }

  Wire json(int status, String body, String... headers) throws IOException {
    return reply(status, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /// The head of a chunked event stream.
  Wire streamHead(String... headers) throws IOException {
    String[] all = new String[headers.length + 2];
    all[0] = "content-type: text/event-stream; charset=utf-8";
    all[1] = "transfer-encoding: chunked";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return head(200, all);
  }

  Wire chunk(byte[] data) throws IOException {
    byte[] size = (Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[size.length + data.length + 2];
    System.arraycopy(size, 0, all, 0, size.length);
    System.arraycopy(data, 0, all, size.length, data.length);
    all[all.length - 2] = '\r';
    all[all.length - 1] = '\n';
    return raw(all);
  }

  Wire chunk(String data) throws IOException {
    return chunk(data.getBytes(StandardCharsets.UTF_8));
  }

  Wire endChunks() throws IOException {
    return raw("0\r\n\r\n");
  }

  /// Lets time pass on the provider's side.
  ///
  /// @throws IOException if the gate closes the connection meanwhile
  void pause(Duration duration) throws IOException, InterruptedException {
    try {
      connection.closed().get(duration.toNanos(), TimeUnit.NANOSECONDS);
      throw new IOException("the gate closed the connection");
    } catch (TimeoutException e) {
      return; // The expected case: the pause is over.
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  /// Says nothing more until the gate closes the connection.
  void hang() throws InterruptedException {
    connection.closed().handle((_, _) -> true).join();
  }

  /// An orderly close (FIN).
  void close() throws IOException {
    connection.close(false);
  }

  /// A hard close (RST).
  void reset() throws IOException {
    connection.close(true);
  }
}
