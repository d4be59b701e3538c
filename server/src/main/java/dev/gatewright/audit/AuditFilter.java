package dev.gatewright.audit;

import org.jspecify.annotations.Nullable;

/// Which links a list shows, newest first; null = whatever it is.
///
/// @param actor an actor's id
/// @param action such as `key.create`
/// @param subject the id of what was changed
/// @param fromMillis at or after this time
/// @param toMillis before this time
/// @param beforeSeq the last link of the page before
public record AuditFilter(
    @Nullable String actor,
    @Nullable String action,
    @Nullable String subject,
    @Nullable Long fromMillis,
    @Nullable Long toMillis,
    @Nullable Long beforeSeq,
    int rowsMax) {
  public static final int ROWS_MAX = 200;

  /// The newest links.
  public static AuditFilter all() {
    return new AuditFilter(null, null, null, null, null, null, ROWS_MAX);
  }
}
