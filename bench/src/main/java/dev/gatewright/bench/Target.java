package dev.gatewright.bench;

import org.jspecify.annotations.Nullable;

/// One way to the mock provider.
///
/// @param smallPort where small calls go
/// @param streamPort where streams go; another one where a proxy is set up differently for them
/// @param process whose CPU counts; null for the direct way
/// @param key what callers present
record Target(
    String name, int smallPort, int streamPort, @Nullable ProcessHandle process, String key) {
  int port(Traffic traffic) {
    return switch (traffic) {
      case SMALL, SERVICE -> smallPort;
      case STREAM, LONG -> streamPort;
    };
  }
}
