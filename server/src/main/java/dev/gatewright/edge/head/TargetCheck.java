package dev.gatewright.edge.head;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides whether a request target may pass, and never repairs one: what two readers could take
/// for different paths is refused. Immutable.
public final class TargetCheck {
  private static final byte BAD = 0;
  private static final byte PLAIN = 1;
  private static final byte SLASH = 2;
  private static final byte PERCENT = 3;
  private static final byte SEMICOLON = 4;
  private static final byte BACKSLASH = 5;
  private static final byte HASH = 6;

  private static final byte[] PATH = pathClasses();
  private static final TargetCheck STRICT = new TargetCheck(List.of());

  private final List<byte[]> slashPrefixes;

  /// @param slashPrefixes prefixes below which `%2F` may stand, because the rest is one id
  public TargetCheck(List<String> slashPrefixes) {
    this.slashPrefixes =
        slashPrefixes.stream().map(text -> text.getBytes(StandardCharsets.US_ASCII)).toList();
  }

  /// The same rules for a target that came in another way than as this request's own, such as in a
  /// front proxy's header; no encoded slash may stand in it.
  ///
  /// @param target path and perhaps query, one character a byte as in a header's value
  /// @return why it is refused, such as `path_dots`; null = it may pass
  public static @Nullable String objection(String target) {
    byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
    Rejection rejection =
        bytes.length == 0 ? Rejection.TARGET_FORM : STRICT.check(bytes, 0, bytes.length);
    return rejection == null ? null : rejection.reason();
  }

  /// Index of the first `?`, or `to`.
  static int questionMark(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != '?') {
      at++;
    }
    return at;
  }

  public @Nullable Rejection check(byte[] bytes, int from, int to) {
    if (bytes[from] != '/') {
      return Rejection.TARGET_FORM;
    }
    int pathEnd = questionMark(bytes, from, to);
    Rejection path = path(bytes, from, pathEnd);
    return path != null ? path : query(bytes, pathEnd, to);
  }

  private @Nullable Rejection path(byte[] bytes, int from, int to) {
    int segment = from + 1;
    boolean beyondAscii = false;
    for (int i = segment; i < to; i++) {
      byte kind = PATH[bytes[i] & 0xff];
      if (kind == PLAIN) {
        continue;
      }
      int decoded = kind == PERCENT ? decoded(bytes, i, to) : '/';
      if (kind == PERCENT) {
        Rejection bad = encoded(bytes, from, i, decoded);
        if (bad != null) {
          return bad;
        }
        beyondAscii |= decoded >= 0x80;
      } else if (kind != SLASH) {
        return rejection(kind);
      }
      if (decoded == '/') {
        Rejection bad = segment(bytes, segment, i);
        if (bad != null) {
          return bad;
        }
        segment = kind == PERCENT ? i + 3 : i + 1;
      }
      i = kind == PERCENT ? i + 2 : i;
    }
    if (to > segment && segment(bytes, segment, to) != null) {
      return Rejection.PATH_DOTS;
    }
    return beyondAscii && !utf8(bytes, from, to) ? Rejection.PATH_UTF8 : null;
  }

  private @Nullable Rejection encoded(byte[] bytes, int pathStart, int at, int decoded) {
    if (decoded < 0) {
      return Rejection.TARGET_ENCODING;
    }
    boolean refused =
        decoded < 0x20
            || decoded == 0x7f
            || decoded == '.'
            || decoded == ';'
            || decoded == '\\'
            || (decoded == '/' && !slashMayStand(bytes, pathStart, at));
    return refused ? Rejection.PATH_ENCODED : null;
  }

  private boolean slashMayStand(byte[] bytes, int pathStart, int at) {
    for (byte[] prefix : slashPrefixes) {
      if (at - pathStart > prefix.length && startsWith(bytes, pathStart, prefix)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] bytes, int from, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Rejection segment(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return Rejection.PATH_EMPTY_SEGMENT;
    }
    boolean dots = length <= 2 && bytes[from] == '.' && bytes[to - 1] == '.';
    return dots ? Rejection.PATH_DOTS : null;
  }

  private static Rejection rejection(byte kind) {
    return switch (kind) {
      case SEMICOLON -> Rejection.PATH_PARAMETER;
      case BACKSLASH -> Rejection.PATH_BACKSLASH;
      case HASH -> Rejection.FRAGMENT;
      default -> Rejection.TARGET_BYTE;
    };
  }

  /// Any visible ASCII byte but `#`: a query's meaning belongs to whoever reads it.
  private static @Nullable Rejection query(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte octet = bytes[i];
      if (octet == '#') {
        return Rejection.FRAGMENT;
      }
      if (octet <= ' ' || octet == 0x7f) {
        return Rejection.TARGET_BYTE;
      }
      if (octet == '%' && decoded(bytes, i, to) < 0) {
        return Rejection.TARGET_ENCODING;
      }
    }
    return null;
  }

  /// Value of the `%xx` at `at`, or -1.
  private static int decoded(byte[] bytes, int at, int to) {
    if (to - at < 3) {
      return -1;
    }
    int high = Character.digit(bytes[at + 1], 16);
    int low = Character.digit(bytes[at + 2], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /// Overlong forms hide a dot or a slash from us that a lenient reader behind us would see.
  private static boolean utf8(byte[] bytes, int from, int to) {
    ByteBuffer text = ByteBuffer.allocate(to - from);
    for (int i = from; i < to; i++) {
      boolean percent = bytes[i] == '%';
      text.put(percent ? (byte) decoded(bytes, i, to) : bytes[i]);
      i = percent ? i + 2 : i;
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(text.flip());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static byte[] pathClasses() {
    byte[] classes = new byte[256];
    for (char c = '!'; c < 127; c++) {
      boolean plain = Character.isLetterOrDigit(c) || "-._~!$&'()*+,=:@".indexOf(c) >= 0;
      classes[c] = plain ? PLAIN : BAD;
    }
    classes['/'] = SLASH;
    classes['%'] = PERCENT;
    classes[';'] = SEMICOLON;
    classes['\\'] = BACKSLASH;
    classes['#'] = HASH;
    return classes;
  }
}
