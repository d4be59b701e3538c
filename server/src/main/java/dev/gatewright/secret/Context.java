package dev.gatewright.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a sealed value is bound to: each part behind its length, so that no two lists of parts have
/// the same bytes.
public final class Context {
  private Context() {}

  public static byte[] of(String... parts) {
    return joined(null, parts);
  }

  /// `inner` within further parts.
  public static byte[] of(byte[] inner, String... parts) {
    return joined(inner, parts);
  }

  /// @param last behind the others; null = there is none
  private static byte[] joined(byte @Nullable [] last, String[] parts) {
    byte[][] each = new byte[parts.length + (last == null ? 0 : 1)][];
    int length = 0;
    for (int i = 0; i < each.length; i++) {
      each[i] =
          i == parts.length && last != null ? last : parts[i].getBytes(StandardCharsets.UTF_8);
      length += Integer.BYTES + each[i].length;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (byte[] part : each) {
      joined.putInt(part.length).put(part);
    }
    return joined.array();
  }
}
