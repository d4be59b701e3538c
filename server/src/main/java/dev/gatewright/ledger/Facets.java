package dev.gatewright.ledger;

import java.util.List;

/// What a row can be told apart by beside its tenant, key, model and target.
///
/// @param service the self-hosted service that was called; empty = none
/// @param site the site the call came through; empty = none
/// @param memberId `per_…` of the key's owner; empty = a key that belongs to no member
/// @param tags the caller's own words, sorted
public record Facets(String service, String site, String memberId, List<String> tags) {
  public static final Facets NONE = new Facets("", "", "", List.of());

  /// More are cut, and longer ones shortened.
  public static final int TAGS_MAX = 16;

  public static final int TAG_MAX = 64;

  public Facets {
    if (!tags.isEmpty()) {
      tags =
          tags.stream()
              .map(tag -> tag.length() > TAG_MAX ? tag.substring(0, TAG_MAX) : tag)
              .distinct()
              .sorted()
              .limit(TAGS_MAX)
              .toList();
    }
  }
}
