package dev.gatewright.platform;

import dev.gatewright.rest.Paging;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A page of a list that is in memory.
///
/// @param place where the next one begins; null = there is none
record Part<T>(List<T> rows, @Nullable String place) {
  /// One that begins behind a row that is gone by now is empty.
  ///
  /// @param name what tells a row from all others
  static <T> Part<T> of(List<T> all, Function<T, String> name, Paging paging) {
    String after = paging.after();
    int begin = 0;
    if (after != null) {
      begin = all.size();
      for (int i = 0; i < all.size(); i++) {
        if (name.apply(all.get(i)).equals(after)) {
          begin = i + 1;
        }
      }
    }
    int end = Math.min(all.size(), begin + paging.rows());
    return new Part<>(
        all.subList(begin, end), end == all.size() ? null : name.apply(all.get(end - 1)));
  }
}
