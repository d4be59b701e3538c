package dev.gatewright.service;

/// A caller's path taken apart, without decoding anything.
///
/// @param first the first segment
/// @param rest what follows it, beginning with a slash, or empty
record ServicePath(String first, String rest) {
  /// Where WebSockets are, and nothing else.
  static final String WS = "/ws";

  static boolean underWs(String rest) {
    return rest.equals(WS) || rest.startsWith(WS + "/");
  }

  static ServicePath of(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0
        ? new ServicePath(path.substring(1), "")
        : new ServicePath(path.substring(1, slash), path.substring(slash));
  }
}
