package dev.gatewright.service.preset;

import java.util.regex.Pattern;

/// A method and path of a backend that callers may reach.
///
/// @param method in capitals
/// @param path the backend's own path; a final `*` stands for any rest, also none
/// @param access never [Access#NONE]
/// @param bodyBytesMax the longest request body; 0 = the service's own limit
public record ServiceEndpoint(String method, String path, Access access, long bodyBytesMax) {
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
  private static final Pattern PATH =
      Pattern.compile("(/([A-Za-z0-9._~!$&'()+,=:@-]|%[0-9A-Fa-f]{2})*)+\\*?");

  /// Bounded by the service's own limit on bodies.
  public ServiceEndpoint(String method, String path, Access access) {
    this(method, path, access, 0);
  }

  public ServiceEndpoint {
    boolean dots = path.contains("/./") || path.contains("/../") || path.matches(".*/\\.\\.?\\*?");
    if (!METHOD.matcher(method).matches()
        || !PATH.matcher(path).matches()
        || path.contains("//")
        || dots) {
      throw new IllegalArgumentException(
          "%s %s (expected: METHOD /path, exact or with a final *)".formatted(method, path));
    }
  }

  /// Reads `POST /y/*`.
  ///
  /// @throws IllegalArgumentException when it is not of this form
  public static ServiceEndpoint parse(String text, Access access) {
    String[] parts = text.strip().split(" +", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          text + " (expected: METHOD /path, exact or with a final *)");
    }
    return new ServiceEndpoint(parts[0], parts[1], access);
  }

  /// True when [#path()] ends in a `*`.
  boolean open() {
    return path.endsWith("*");
  }

  /// What an open path begins with.
  String prefix() {
    return path.substring(0, path.length() - 1);
  }

  /// HEAD may be asked wherever GET may.
  boolean takes(String asked) {
    return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
  }
}
