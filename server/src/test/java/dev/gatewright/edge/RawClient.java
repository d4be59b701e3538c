package dev.gatewright.edge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A socket that sends exactly the bytes a test wants and reads answers without being clever.
final class RawClient implements AutoCloseable {
  static final int TIMEOUT_MILLIS = 5000;

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RawClient connect(int port) {
    return connect(port, InetAddress.getLoopbackAddress());
  }

  /// @param from the address it comes from: any of 127.0.0.0/8
  static RawClient connect(int port, InetAddress from) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return new RawClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A TLS connection; the handshake is made.
  static RawClient secure(int port, SSLContext trust, String... protocols) {
    try {
      SSLSocket socket =
          (SSLSocket) trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      if (protocols.length > 0) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      return new RawClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Socket socket() {
    return socket;
  }

  RawClient send(String latin1) {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) {
    return send(bytes, 0, bytes.length);
  }

  RawClient send(byte[] bytes, int from, int to) {
    try {
      socket.getOutputStream().write(bytes, from, to - from);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One answer, its body by its framing.
  Answer answer() {
    return answer(false);
  }

  Answer answer(boolean toHead) {
    String head = readHead();
    Answer answer = Answer.of(head);
    if (toHead || answer.status() == 204 || answer.status() == 304 || answer.status() == 100) {
      return answer;
    }
    String length = answer.header("content-length");
    if (length != null) {
      return answer.withBody(read(Integer.parseInt(length)));
    }
    if ("chunked".equals(answer.header("transfer-encoding"))) {
      return answer.withBody(readChunks());
    }
    return answer.withBody(readToEnd());
  }

  /// Up to and with the empty line.
  String readHead() {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int octet = readByte();
      if (octet < 0) {
        throw new IllegalStateException("connection ended within a head: " + head);
      }
      head.append((char) octet);
    }
    return head.toString();
  }

  private byte[] readChunks() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      StringBuilder line = new StringBuilder();
      while (line.indexOf("\r\n") < 0) {
        int octet = readByte();
        if (octet < 0) {
          throw new IllegalStateException("connection ended within a chunked body");
        }
        line.append((char) octet);
      }
      int size = Integer.parseInt(line.toString().strip(), 16);
      body.writeBytes(read(size));
      read(2);
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  byte[] read(int length) {
    try {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new IllegalStateException(
            "connection ended after %d of %d bytes".formatted(bytes.length, length));
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// -1 at the end, however the connection ended.
  int readByte() {
    try {
      return in.read();
    } catch (SocketTimeoutException e) {
      throw new IllegalStateException("nothing came within %d ms".formatted(TIMEOUT_MILLIS), e);
    } catch (IOException e) {
      return -1;
    }
  }

  byte[] readToEnd() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int octet = readByte(); octet >= 0; octet = readByte()) {
      all.write(octet);
    }
    return all.toByteArray();
  }

  /// True when the other side has ended the connection and nothing more was sent.
  boolean ended() {
    return readByte() < 0;
  }

  void shutdownOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
