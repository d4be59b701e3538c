package dev.gatewright.bench;

import java.util.List;

/// One way to the mock provider.
///
/// @param smallPorts where small calls go, in turns
/// @param streamPorts where streams go; others where a proxy is set up differently for them
/// @param processes whose CPU counts; none for the direct way
/// @param key what callers present
/// @param settle returns once all work that was put off is done; its CPU belongs to the turn
record Target(
    String name,
    List<Integer> smallPorts,
    List<Integer> streamPorts,
    List<ProcessHandle> processes,
    String key,
    Settle settle) {

  /// Work that a target does after the last call.
  interface Settle {
    /// Puts nothing off.
    Settle NOTHING = () -> {};

    void await() throws InterruptedException;
  }

  /// The provider itself.
  static Target direct(int port) {
    return new Target("direct", List.of(port), List.of(port), List.of(), "none", Settle.NOTHING);
  }

  boolean isDirect() {
    return processes.isEmpty();
  }

  /// A whole request for each port.
  List<byte[]> requests(Traffic traffic) {
    return ports(traffic).stream().map(port -> traffic.request(port, key)).toList();
  }

  List<Integer> ports(Traffic traffic) {
    return switch (traffic) {
      case SMALL, SERVICE -> smallPorts;
      case STREAM, LONG -> streamPorts;
    };
  }

  long cpuMicros() {
    return processes.stream().mapToLong(ProcessTimes::cpuMicros).sum();
  }

  long compilerMicros() {
    return processes.stream().mapToLong(ProcessTimes::compilerMicros).sum();
  }

  long rssBytes() {
    return processes.stream().mapToLong(ProcessTimes::rssBytes).sum();
  }

  @Override
  public String toString() {
    return name;
  }
}
