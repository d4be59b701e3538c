package dev.gatewright.edge;

/// The path form of a key, `/k/<key>/…`, for clients that know a base URL and nothing else. The key
/// leaves the path here, before anybody behind the edge sees a path, and becomes a header that
/// callers cannot set; admission takes it for a carrier like any other. Where the form is switched
/// off, or is not quite right, what is left is `/k`, and nothing stands there.
public final class PathKey {
  /// Carries the key from the edge to admission. The edge drops it from outside, as every
  /// `x-gatewright-*` name that is not public; it goes to no backend.
  public static final String HEADER = "x-gatewright-path-key";

  /// The path of a request whose key may not stand in the path.
  public static final String NOTHING = "/k";

  public static final int PREFIX_LENGTH = "/k/".length();

  private PathKey() {}

  /// True when the target begins with `/k/`: its path is not to be shown.
  public static boolean begins(byte[] bytes, int from, int to) {
    return to - from >= PREFIX_LENGTH
        && bytes[from] == '/'
        && bytes[from + 1] == 'k'
        && bytes[from + 2] == '/';
  }

  /// Index of the slash behind the key of a target that [#begins] so; -1 when there is none, or
  /// when the key holds a character that a path has a use for.
  public static int end(byte[] bytes, int from, int to) {
    int start = from + PREFIX_LENGTH;
    int at = start;
    while (at < to && unreserved(bytes[at])) {
      at++;
    }
    boolean dots = at - start <= 2 && at > start && bytes[start] == '.' && bytes[at - 1] == '.';
    return at == start || at == to || bytes[at] != '/' || dots ? -1 : at;
  }

  /// The rest is a path of this form again.
  public static boolean nested(String path) {
    return path.startsWith("/k/") || path.equals(NOTHING);
  }

  private static boolean unreserved(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '.'
        || octet == '_'
        || octet == '~';
  }
}
