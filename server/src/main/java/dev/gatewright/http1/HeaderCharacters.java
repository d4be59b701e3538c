package dev.gatewright.http1;

import io.netty.util.AsciiString;

/// Which bytes a header's name and value may hold (RFC 9110 §5), as tables: one look-up a byte.
public final class HeaderCharacters {
  private static final boolean[] TOKEN = new boolean[256];
  private static final boolean[] VALUE = new boolean[256];

  static {
    for (int c = 0; c < 256; c++) {
      TOKEN[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      VALUE[c] = c == '\t' || (c >= ' ' && c != 0x7f);
    }
  }

  private HeaderCharacters() {}

  public static boolean isToken(byte c) {
    return TOKEN[c & 0xff];
  }

  public static boolean isToken(char c) {
    return c < 256 && TOKEN[c];
  }

  /// Visible characters, space, tab and the bytes above 0x7f; no other control character.
  public static boolean isValue(byte c) {
    return VALUE[c & 0xff];
  }

  public static boolean isValue(char c) {
    return c < 256 && VALUE[c];
  }

  public static boolean areToken(CharSequence text) {
    return all(text, TOKEN);
  }

  public static boolean areValue(CharSequence text) {
    return all(text, VALUE);
  }

  /// A loop for each of the two classes that come, so that neither calls through an interface.
  private static boolean all(CharSequence text, boolean[] allowed) {
    if (text instanceof AsciiString ascii) {
      byte[] bytes = ascii.array();
      int end = ascii.arrayOffset() + ascii.length();
      for (int i = ascii.arrayOffset(); i < end; i++) {
        if (!allowed[bytes[i] & 0xff]) {
          return false;
        }
      }
      return true;
    }
    String string = text.toString();
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c >= allowed.length || !allowed[c]) {
        return false;
      }
    }
    return true;
  }
}
