package dev.gatewright.config;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Finds variables of our name that nobody asks for: a misspelt `GATEWRIGHT_LIMITS_…` that is
/// silently ignored is no limit.
final class UnknownVariables {
  private static final String PREFIX = "GATEWRIGHT_";

  /// Of the launcher, the command line, and of what stands above every file.
  private static final Set<String> OTHERS =
      Set.of(
          "GATEWRIGHT_ADMIN_KEY",
          "GATEWRIGHT_CONFIG",
          "GATEWRIGHT_DATA",
          "GATEWRIGHT_JAVA_OPTS",
          "GATEWRIGHT_MASTER_KEY",
          "GATEWRIGHT_PROVIDER_AUTH",
          "GATEWRIGHT_URL");

  /// What Kubernetes tells every container of a namespace that has a service `gatewright…`.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "GATEWRIGHT(_[A-Z0-9_]+)?"
              + "(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?"
              + "|_PORT(_[0-9]+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?)?)");

  private final FileContext context;

  UnknownVariables(FileContext context) {
    this.context = context;
  }

  /// @param words the file's text, whose own references are known
  void reject(String words) {
    Set<String> known = new TreeSet<>(OTHERS);
    context.known().values().forEach(path -> known.add(Overrides.variable(path)));
    for (String name : new TreeSet<>(context.overrides().environment().keySet())) {
      if (name.startsWith(PREFIX)
          && !known.contains(name)
          && !SERVICE_LINK.matcher(name).matches()
          && !words.contains("${" + name + "}")) {
        throw new Settings.InvalidSetting(
            "%s is not a known variable; the nearest known one is %s"
                .formatted(name, near(name, known)));
      }
    }
  }

  private static String near(String name, Set<String> known) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(one -> KnownKeys.distance(name, one))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }
}
