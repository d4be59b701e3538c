package dev.gatewright.price;

import org.jspecify.annotations.Nullable;

/// What a price depends on beside the meters.
///
/// @param service the tier that served it, such as `batch`; empty = the ordinary one
/// @param region where it was served; empty = anywhere
public record Conditions(String service, String region) {
  public static final Conditions NONE = new Conditions("", "");

  public Conditions {
    service = service.equals("default") || service.equals("standard") ? "" : service;
  }

  /// As a row has it: `tier=batch,region=us`.
  public String text() {
    String tier = service.isEmpty() ? "" : "tier=" + service;
    String in = region.isEmpty() ? "" : "region=" + region;
    return tier.isEmpty() || in.isEmpty() ? tier + in : tier + "," + in;
  }

  static Conditions parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    String service = "";
    String region = "";
    for (String each : text.split(",", -1)) {
      if (each.startsWith("tier=")) {
        service = each.substring(5);
      } else if (each.startsWith("region=")) {
        region = each.substring(7);
      }
    }
    return new Conditions(service, region);
  }

  /// The same as the answer has it, which is what is billed.
  ///
  /// @param served null = it did not say
  Conditions served(@Nullable String served) {
    return served == null ? this : new Conditions(served, region);
  }
}
