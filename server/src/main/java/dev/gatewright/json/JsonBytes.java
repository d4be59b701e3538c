package dev.gatewright.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A growing line of JSON, written by hand because the access log writes one a request and the
/// objects in it are flat. Confined to one thread; reused after [#clear()].
public final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  public JsonBytes(int capacity) {
    bytes = new byte[capacity];
  }

  /// Text that is already JSON, ASCII only.
  public JsonBytes raw(String ascii) {
    ensure(ascii.length());
    copy(ascii, 0, ascii.length());
    return this;
  }

  public JsonBytes raw(byte[] ascii) {
    ensure(ascii.length);
    System.arraycopy(ascii, 0, bytes, length, ascii.length);
    length += ascii.length;
    return this;
  }

  /// A JSON string, or `null`. Characters beyond ASCII are written as escapes, so that cutting the
  /// log at any byte leaves valid UTF-8.
  public JsonBytes string(@Nullable String text) {
    if (text == null) {
      return raw("null");
    }
    ensure(text.length() + 2);
    bytes[length++] = '"';
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
        copy(text, plainFrom, i);
        plainFrom = i + 1;
        escape(c);
        ensure(text.length() - i + 1);
      }
    }
    copy(text, plainFrom, text.length());
    ensure(1);
    bytes[length++] = '"';
    return this;
  }

  /// A string with what stands before it; nothing at all when there is none.
  ///
  /// @param before such as `,"help":`
  public JsonBytes optional(String before, @Nullable String text) {
    return text == null ? this : raw(before).string(text);
  }

  /// Characters that are one byte each, for which there is room.
  @SuppressWarnings("deprecation") // It drops the upper byte of each character: there is none.
  private void copy(String ascii, int from, int to) {
    ascii.getBytes(from, to, bytes, length);
    length += to - from;
  }

  private void escape(char c) {
    ensure(6);
    bytes[length++] = '\\';
    if (c == '"' || c == '\\') {
      bytes[length++] = (byte) c;
      return;
    }
    bytes[length++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[c >> shift & 0xf];
    }
  }

  public JsonBytes number(long value) {
    if (value < 0) {
      return raw(Long.toString(value));
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return padded(value, digits);
  }

  /// Exactly `digits` digits, with leading zeros.
  public JsonBytes padded(long value, int digits) {
    ensure(digits);
    long rest = value;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
  }

  public byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
