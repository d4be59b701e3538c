package dev.gatewright.webhook;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What can be told: `family.act`. Who subscribes names a family or one kind of it.
public final class Kinds {
  /// Whatever happens.
  static final String ALL = "*";

  /// What a test delivery is.
  static final String TEST = "webhook.test";

  private static final Set<String> FAMILIES =
      Set.of(
          "balance",
          "budget",
          "credential",
          "invitation",
          "key",
          "member",
          "model",
          "organization",
          "payment",
          "policy",
          "project",
          "provider",
          "room",
          "service",
          "usage",
          "webhook");

  /// For errors and the manual.
  static final String WORDS = String.join(", ", new TreeSet<>(FAMILIES));

  private static final Pattern WORD = Pattern.compile("[a-z]{1,31}(\\.[a-z_]{1,31})?");

  private Kinds() {}

  /// Whether `kind` is of a family that is told at all.
  public static boolean told(String kind) {
    return FAMILIES.contains(family(kind));
  }

  /// Whether somebody may subscribe to this.
  static boolean known(String wanted) {
    return wanted.equals(ALL) || (WORD.matcher(wanted).matches() && told(wanted));
  }

  /// Whether who wants these wants `kind`.
  static boolean wants(Collection<String> wanted, String kind) {
    return List.of(ALL, family(kind), kind).stream().anyMatch(wanted::contains);
  }

  private static String family(String kind) {
    int dot = kind.indexOf('.');
    return dot < 0 ? kind : kind.substring(0, dot);
  }
}
