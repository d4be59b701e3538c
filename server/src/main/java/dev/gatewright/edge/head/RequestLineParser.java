package dev.gatewright.edge.head;

import dev.gatewright.edge.PathKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `METHOD SP target SP HTTP/1.x`, exactly. Stateless but for the path checker.
final class RequestLineParser {
  private static final int METHOD_MAX = 32;

  /// The first line of HTTP/2's preface (RFC 9113 §3.4).
  private static final byte[] HTTP_2 = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] CONNECT = "CONNECT ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = "HTTP/".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION_LENGTH = 8;
  private static final String[] METHODS = {"GET", "POST", "PUT", "HEAD", "DELETE", "PATCH"};

  private final TargetCheck targets;
  private final boolean keysInPath;

  /// @param keysInPath `/k/<key>/…` is understood
  RequestLineParser(TargetCheck targets, boolean keysInPath) {
    this.targets = targets;
    this.keysInPath = keysInPath;
  }

  /// @param to index behind the line's last byte, without CR LF
  @Nullable Rejection parse(byte[] bytes, int to, ParsedHead head) {
    int methodEnd = methodEnd(bytes, to);
    if (methodEnd <= 0) {
      return Rejection.BAD_METHOD;
    }
    if (is(HTTP_2, bytes, to)) {
      return Rejection.HTTP_2;
    }
    if (is(CONNECT, bytes, methodEnd + 1)) {
      return Rejection.CONNECT;
    }
    int targetEnd = to - VERSION_LENGTH - 1;
    int targetStart = methodEnd + 1;
    if (targetEnd <= targetStart || bytes[targetEnd] != ' ') {
      return Rejection.BAD_REQUEST_LINE;
    }
    Rejection version = version(bytes, targetEnd + 1, head);
    if (version != null) {
      return version;
    }
    head.method = method(bytes, methodEnd);
    return target(bytes, targetStart, targetEnd, head);
  }

  /// A method that comes by itself, as in HTTP/2.
  @Nullable Rejection method(byte[] bytes, int length, ParsedHead head) {
    if (length == 0 || length > METHOD_MAX) {
      return Rejection.BAD_METHOD;
    }
    for (int i = 0; i < length; i++) {
      if (HeaderNames.fold(bytes[i]) == 0) {
        return Rejection.BAD_METHOD;
      }
    }
    head.method = method(bytes, length);
    return head.method.equals("CONNECT") ? Rejection.CONNECT : null;
  }

  /// Path and query.
  @Nullable Rejection target(byte[] bytes, int targetStart, int targetEnd, ParsedHead head) {
    boolean hidden = PathKey.begins(bytes, targetStart, targetEnd);
    int keyEnd = hidden ? PathKey.end(bytes, targetStart, targetEnd) : -1;
    int pathStart = keyEnd < 0 ? targetStart : keyEnd;
    Rejection target = targets.check(bytes, pathStart, targetEnd);
    if (target != null) {
      return target;
    }
    int question = TargetCheck.questionMark(bytes, pathStart, targetEnd);
    head.query = question == targetEnd ? null : text(bytes, question + 1, targetEnd);
    String path = text(bytes, pathStart, question);
    if (!hidden) {
      head.path = path;
    } else if (keysInPath && keyEnd >= 0 && !PathKey.nested(path)) {
      head.path = path;
      head.headers.set(PathKey.HEADER, text(bytes, targetStart + PathKey.PREFIX_LENGTH, keyEnd));
    } else {
      head.path = PathKey.NOTHING;
    }
    return null;
  }

  private static boolean is(byte[] expected, byte[] bytes, int to) {
    return Arrays.equals(expected, 0, expected.length, bytes, 0, to);
  }

  private static int methodEnd(byte[] bytes, int to) {
    for (int i = 0; i < Math.min(to, METHOD_MAX + 1); i++) {
      if (bytes[i] == ' ') {
        return i;
      }
      if (HeaderNames.fold(bytes[i]) == 0) {
        return -1;
      }
    }
    return -1;
  }

  private static String method(byte[] bytes, int length) {
    for (String known : METHODS) {
      if (known.length() == length && matches(known, bytes)) {
        return known;
      }
    }
    return text(bytes, 0, length);
  }

  private static boolean matches(String known, byte[] bytes) {
    for (int i = 0; i < known.length(); i++) {
      if (known.charAt(i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Rejection version(byte[] bytes, int at, ParsedHead head) {
    for (int i = 0; i < VERSION.length; i++) {
      if (bytes[at + i] != VERSION[i]) {
        return Rejection.BAD_REQUEST_LINE;
      }
    }
    byte major = bytes[at + VERSION.length];
    byte minor = bytes[at + VERSION.length + 2];
    if (!digit(major) || bytes[at + VERSION.length + 1] != '.' || !digit(minor)) {
      return Rejection.BAD_REQUEST_LINE;
    }
    if (major != '1' || minor > '1') {
      return Rejection.VERSION;
    }
    head.http10 = minor == '0';
    return null;
  }

  private static boolean digit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
