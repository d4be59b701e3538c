package dev.gatewright.usage;

import java.time.Duration;
import java.util.Locale;

/// A list of calls that somebody may fetch: what was asked for. Its rows are read when they are
/// fetched, so that a replica that ends takes nothing with it, and a fetch that broke off is begun
/// again.
///
/// @param createdBy who asked, and the only one to whom it is there
/// @param asked JSON of the query, every value a text
record UsageExport(
    String organizationId,
    String id,
    String createdBy,
    long createdMillis,
    Format format,
    String asked) {
  static final Duration KEPT = Duration.ofDays(1);

  enum Format {
    CSV("text/csv; charset=utf-8"),
    JSONL("application/jsonl");

    final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  long expiresMillis() {
    return createdMillis + KEPT.toMillis();
  }
}
