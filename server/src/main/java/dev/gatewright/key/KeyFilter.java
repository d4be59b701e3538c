package dev.gatewright.key;

import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which keys a list shows, newest first.
///
/// @param state null = every state
/// @param projects null = of every project
/// @param before the last key of the page before, null = from the newest
/// @param rowsMax 1…200
public record KeyFilter(
    @Nullable KeyState state,
    @Nullable Set<String> projects,
    @Nullable Cursor before,
    int rowsMax) {
  public static final int ROWS_MAX = 200;

  public static final Comparator<StoredKey> NEWEST_FIRST =
      Comparator.comparingLong((StoredKey stored) -> stored.key().createdMillis())
          .thenComparing(stored -> stored.key().id())
          .reversed();

  public KeyFilter {
    projects = projects == null ? null : Set.copyOf(projects);
    if (rowsMax < 1 || rowsMax > ROWS_MAX) {
      throw new IllegalArgumentException("limit: %d (expected: 1…200)".formatted(rowsMax));
    }
  }

  /// The same for a key that is in no table.
  public boolean shows(StoredKey stored, long nowMillis) {
    ApiKey key = stored.key();
    boolean after =
        before == null
            || key.createdMillis() < before.createdMillis
            || (key.createdMillis() == before.createdMillis && key.id().compareTo(before.id) < 0);
    return after
        && (state == null || stored.state(nowMillis) == state)
        && (projects == null || projects.contains(key.tenant().projectId()));
  }

  /// A place in the list. Its text travels signed, and so comes back as it was.
  public record Cursor(long createdMillis, String id) {
    public String text() {
      return Long.toString(createdMillis, 36) + "." + id;
    }

    public static Cursor parse(String text) {
      int dot = text.indexOf('.');
      return new Cursor(Long.parseLong(text.substring(0, dot), 36), text.substring(dot + 1));
    }
  }
}
