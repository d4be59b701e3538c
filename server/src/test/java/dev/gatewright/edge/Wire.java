package dev.gatewright.edge;

import java.nio.charset.StandardCharsets;

/// Bytes as they go over the wire, one char a byte.
final class Wire {
  private Wire() {}

  static byte[] bytes(String... parts) {
    return String.join("", parts).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Lines ended by CR LF, and the empty line.
  static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }
}
