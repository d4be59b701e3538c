package dev.gatewright.identity.code;

import java.util.List;

/// What people would call a browser that calls itself `Mozilla/5.0 (…)`. Pure.
final class BrowserName {
  /// Part of what it says, and its name; a name that others carry too stands behind theirs.
  private static final List<List<String>> PROGRAMS =
      List.of(
          List.of("Edg/", "Edge"),
          List.of("OPR/", "Opera"),
          List.of("Firefox/", "Firefox"),
          List.of("FxiOS/", "Firefox"),
          List.of("CriOS/", "Chrome"),
          List.of("Chrome/", "Chrome"),
          List.of("Safari/", "Safari"),
          List.of("curl/", "curl"));

  private static final List<List<String>> SYSTEMS =
      List.of(
          List.of("Windows", "Windows"),
          List.of("Android", "Android"),
          List.of("iPhone", "iPhone"),
          List.of("iPad", "iPad"),
          List.of("Mac OS X", "macOS"),
          List.of("CrOS", "ChromeOS"),
          List.of("Linux", "Linux"));

  private BrowserName() {}

  /// Such as `Firefox on Linux`.
  static String of(String agent) {
    String program = found(PROGRAMS, agent, "an unknown browser");
    String system = found(SYSTEMS, agent, "");
    return system.isEmpty() ? program : program + " on " + system;
  }

  private static String found(List<List<String>> names, String agent, String otherwise) {
    return names.stream()
        .filter(name -> agent.contains(name.getFirst()))
        .map(List::getLast)
        .findFirst()
        .orElse(otherwise);
  }
}
