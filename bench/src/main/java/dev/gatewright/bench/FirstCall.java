package dev.gatewright.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/// One call on a fresh connection.
final class FirstCall {
  private FirstCall() {}

  /// True when the call was answered with 200 and its head is here.
  static boolean answered(int port, byte[] request) {
    return answered(port, request, SocketFactory.getDefault());
  }

  /// @param sockets plain, or of TLS
  static boolean answered(int port, byte[] request, SocketFactory sockets) {
    try (Socket socket = sockets.createSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      byte[] start = in.readNBytes(12);
      return new String(start, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }
}
