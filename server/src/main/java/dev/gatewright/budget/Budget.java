package dev.gatewright.budget;

import dev.gatewright.rest.ETag;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// What its subject may spend in each window. Counts from its making on.
///
/// @param id `bud_…`
/// @param projectId of a key or a project; empty = it is about the whole organization, or a person
/// @param on `key_…`, `per_…`, `prj_…` or `org_…`
/// @param nano nano-USD
/// @param hard refuses what it has no room for; a soft one counts and tells
/// @param alerts percents at which people are told, ascending
/// @param version grows with each change
/// @param createdMillis epoch milliseconds
public record Budget(
    String id,
    String organizationId,
    String projectId,
    String on,
    long nano,
    Period per,
    boolean hard,
    List<Integer> alerts,
    long version,
    long createdMillis) {
  /// How its id begins, and the purse of each of its windows.
  public static final String PREFIX = "bud_";

  static final List<Integer> ALERTS = List.of(50, 80, 100);

  public Budget {
    alerts = List.copyOf(alerts);
  }

  /// The purse of one of its windows.
  static String purse(String id, long startMillis) {
    return id + "@" + startMillis;
  }

  /// Names its state: what `If-Match` is held against. What is spent is none of it.
  String tag() {
    return ETag.of(id, version);
  }

  Budget with(long newNano, boolean newHard, List<Integer> newAlerts) {
    return new Budget(
        id,
        organizationId,
        projectId,
        on,
        newNano,
        per,
        newHard,
        newAlerts,
        version,
        createdMillis);
  }

  String alertsText() {
    return alerts.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  static List<Integer> alerts(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
  }
}
