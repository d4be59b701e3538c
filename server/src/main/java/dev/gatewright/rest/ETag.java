package dev.gatewright.rest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// Names a state of something, strongly: two states with one tag are the same to whoever changes
/// it.
public final class ETag {
  private static final int BYTES = 15;

  private ETag() {}

  /// @param parts what a change would change; their order and borders count
  public static String of(Object... parts) {
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      String word = String.valueOf(part);
      text.append(word.length()).append(':').append(word);
    }
    return of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  public static String of(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return '"'
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES))
          + '"';
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256 is part of every JDK", missing);
    }
  }
}
