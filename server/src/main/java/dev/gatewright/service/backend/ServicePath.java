package dev.gatewright.service.backend;

/// A caller's path taken apart, without decoding anything.
///
/// @param first the first segment
/// @param rest what follows it, beginning with a slash, or empty
public record ServicePath(String first, String rest) {
  /// Where WebSockets are, and nothing else.
  public static final String WS = "/ws";

  public static boolean underWs(String rest) {
    return rest.equals(WS) || rest.startsWith(WS + "/");
  }

  public static ServicePath of(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0
        ? new ServicePath(path.substring(1), "")
        : new ServicePath(path.substring(1, slash), path.substring(slash));
  }
}
