package dev.gatewright.rest;

import dev.gatewright.secret.PurposeKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// Makes and reads `next_cursor`: a place in a list, signed together with the list, whose it is and
/// what it was filtered by. What reaches a store is what this gate wrote, and a cursor opens the
/// list it came from and no other. Every replica reads every replica's. Thread-safe.
public final class Cursors {
  static final String PARAMETER = "cursor";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 16;
  private static final int CHARACTERS_MAX = 1_024;

  private final SecretKey key;

  public Cursors(PurposeKeys keys) {
    this.key = keys.purpose("cursor");
  }

  /// @param list names the list, its owner and its filter
  /// @param place where the next page begins, in the list's own terms
  public String write(String list, String place) {
    byte[] text = place.getBytes(StandardCharsets.UTF_8);
    byte[] signed = Arrays.copyOf(mac(list, text), MAC_BYTES + text.length);
    System.arraycopy(text, 0, signed, MAC_BYTES, text.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
  }

  /// The place a cursor stands for.
  ///
  /// @throws Problem 400 for what [#write] never made for this list
  String read(String list, String cursor) {
    return place(list, cursor).orElseThrow(Cursors::foreign);
  }

  /// The same; empty for what [#write] never made for this list.
  public Optional<String> place(String list, String cursor) {
    if (cursor.length() > CHARACTERS_MAX) {
      return Optional.empty();
    }
    byte[] signed;
    try {
      signed = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (signed.length < MAC_BYTES) {
      return Optional.empty();
    }
    byte[] text = Arrays.copyOfRange(signed, MAC_BYTES, signed.length);
    return MessageDigest.isEqual(mac(list, text), Arrays.copyOf(signed, MAC_BYTES))
        ? Optional.of(new String(text, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private byte[] mac(String list, byte[] place) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] owner = list.getBytes(StandardCharsets.UTF_8);
      mac.update((owner.length + ":").getBytes(StandardCharsets.US_ASCII));
      mac.update(owner);
      return Arrays.copyOf(mac.doFinal(place), MAC_BYTES);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", missing);
    }
  }

  private static Problem foreign() {
    return Problem.invalid(
        PARAMETER,
        "cursor: not of this list (expected: next_cursor of the page before, same filter)");
  }
}
