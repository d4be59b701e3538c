package dev.gatewright.price.book;

import org.jspecify.annotations.Nullable;

/// One price that was ever in force, or will be; never changed.
///
/// @param id `pri_…`; what a row of usage names
/// @param version 1, 2 … of its model
/// @param origin whose word it is
/// @param form as it was written
/// @param createdMillis epoch milliseconds
/// @param createdBy `per_…` or `local`; null = nobody's hand: a file
public record PriceVersion(
    String id,
    long version,
    Origin origin,
    PriceEntry entry,
    String form,
    long createdMillis,
    @Nullable String createdBy) {
  /// Where a price comes from.
  public enum Origin {
    /// In the program, read at the provider.
    CATALOGUE,
    /// The configuration.
    FILE,
    /// Somebody who runs the platform.
    API,
    /// Another catalogue.
    IMPORTED;

    /// The word in rows and JSON.
    public String word() {
      return switch (this) {
        case CATALOGUE -> "catalogue";
        case FILE -> "file";
        case API -> "api";
        case IMPORTED -> "imported";
      };
    }

    public static Origin of(String word) {
      for (Origin origin : values()) {
        if (origin.word().equals(word)) {
          return origin;
        }
      }
      throw new IllegalArgumentException("origin: " + word);
    }
  }

  boolean catalogue() {
    return origin == Origin.CATALOGUE;
  }
}
