package dev.gatewright.secret;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a sealed value is bound to: each part behind its length, so that no two lists of parts have
/// the same bytes.
public final class Context {
  private Context() {}

  public static byte[] of(String... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : parts) {
      add(bytes, part.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /// `inner` within further parts.
  public static byte[] of(byte[] inner, String... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : parts) {
      add(bytes, part.getBytes(StandardCharsets.UTF_8));
    }
    add(bytes, inner);
    return bytes.toByteArray();
  }

  private static void add(ByteArrayOutputStream to, byte[] part) {
    to.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
    to.writeBytes(part);
  }
}
