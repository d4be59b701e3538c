package dev.gatewright.bench;

/// Processes started for a measurement never outlive it, however it ends.
final class Children {
  private Children() {}

  static void endWithUs(Process process) {
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }
}
