package dev.gatewright.price.fare;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a price depends on beside the meters.
///
/// @param service the tier that served it, such as `batch`; empty = the ordinary one
/// @param region where it was served; empty = anywhere
/// @param asked what the request asked for, by leaf meter: what counts where nothing that was
///   measured has a price
public record Conditions(String service, String region, Map<String, Long> asked) {
  public static final Conditions NONE = new Conditions("", "");

  private static final String TIER = "tier=";
  private static final String REGION = "region=";
  private static final String ASKED = "asked:";

  public Conditions {
    service = service.equals("default") || service.equals("standard") ? "" : service;
    asked = Map.copyOf(asked);
  }

  public Conditions(String service, String region) {
    this(service, region, Map.of());
  }

  /// As a row has it: `tier=batch,region=us`.
  public String text() {
    StringBuilder text = new StringBuilder();
    add(text, TIER, service);
    add(text, REGION, region);
    new TreeMap<>(asked)
        .forEach((meter, count) -> add(text, ASKED + meter + "=", Long.toString(count)));
    return text.toString();
  }

  private static void add(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(text.isEmpty() ? "" : ",").append(name).append(value);
    }
  }

  static Conditions parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    String service = "";
    String region = "";
    Map<String, Long> asked = new TreeMap<>();
    for (String each : text.split(",", -1)) {
      int equals = each.indexOf('=');
      if (each.startsWith(TIER)) {
        service = each.substring(TIER.length());
      } else if (each.startsWith(REGION)) {
        region = each.substring(REGION.length());
      } else if (each.startsWith(ASKED) && equals > 0) {
        asked.put(
            each.substring(ASKED.length(), equals), Long.parseLong(each.substring(equals + 1)));
      }
    }
    return new Conditions(service, region, asked);
  }

  /// The same as the answer has it, which is what is billed.
  ///
  /// @param served null = it did not say
  Conditions served(@Nullable String served) {
    return served == null ? this : new Conditions(served, region, asked);
  }
}
