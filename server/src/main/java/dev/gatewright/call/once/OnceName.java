package dev.gatewright.call.once;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Whose call it is, and what its caller named it at one endpoint.
///
/// @param name a hash, so that what is kept of a caller's words is short and says nothing
public record OnceName(String organizationId, String keyId, String name) {
  public static OnceName of(String organizationId, String keyId, String endpoint, String key) {
    MessageDigest digest = sha256();
    // Neither holds a line end.
    digest.update((endpoint + "\n" + key).getBytes(StandardCharsets.UTF_8));
    return new OnceName(organizationId, keyId, text(digest));
  }

  /// What tells one body from another.
  public static String bodyHash(ByteBuf body) {
    MessageDigest digest = sha256();
    for (ByteBuffer part : body.nioBuffers()) {
      digest.update(part);
    }
    return text(digest);
  }

  /// The same for a body that passes as it comes, of which nothing but its length is known; -1 =
  /// not even that.
  public static String lengthHash(long length) {
    return "length " + length;
  }

  private static String text(MessageDigest digest) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException bug) {
      throw new IllegalStateException("every JDK has it", bug);
    }
  }
}
