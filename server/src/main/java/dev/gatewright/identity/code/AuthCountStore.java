package dev.gatewright.identity.code;

import org.jdbi.v3.core.Handle;

/// SQL of counters in windows of time; exact, however many count at once on whatever replica.
final class AuthCountStore {
  private static final int CLEARED_MAX = 100;

  private AuthCountStore() {}

  /// Counts one more.
  ///
  /// @param name what is counted, of whom; holds no address
  /// @param windowMillis when the window began
  /// @param endsMillis when it may be forgotten
  static long count(Handle handle, String name, long windowMillis, long endsMillis) {
    return handle
        .createQuery(
            """
            INSERT INTO auth_count (name, window_millis, ends_millis, n)
            VALUES (:name, :window, :ends, 1)
            ON CONFLICT (name, window_millis) DO UPDATE SET n = auth_count.n + 1
            RETURNING n\
            """)
        .bind("name", name)
        .bind("window", windowMillis)
        .bind("ends", endsMillis)
        .mapTo(Long.class)
        .one();
  }

  /// Takes one back.
  static void giveBack(Handle handle, String name, long windowMillis) {
    handle
        .createUpdate(
            """
            UPDATE auth_count SET n = n - 1
            WHERE name = :name AND window_millis = :window AND n > 0\
            """)
        .bind("name", name)
        .bind("window", windowMillis)
        .execute();
  }

  static void clear(Handle handle, long nowMillis) {
    handle
        .createUpdate(
            """
            DELETE FROM auth_count WHERE ends_millis <= :now AND name IN
              (SELECT name FROM auth_count WHERE ends_millis <= :now
               ORDER BY ends_millis LIMIT :rows)\
            """)
        .bind("now", nowMillis)
        .bind("rows", CLEARED_MAX)
        .execute();
  }
}
