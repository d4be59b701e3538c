package dev.gatewright.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which page of a list is asked for.
public final class Paging {
  static final String LIMIT = "limit";

  private final Cursors cursors;
  private final String list;
  private final int rows;
  private final @Nullable String after;

  Paging(Cursors cursors, String list, int rows, @Nullable String cursor) {
    this.cursors = cursors;
    this.list = list;
    this.rows = rows;
    this.after = cursor == null ? null : cursors.read(list, cursor);
  }

  /// How many rows it may have.
  public int rows() {
    return rows;
  }

  /// Where it begins, as given to [#next] for the page before; null = at the list's beginning.
  public @Nullable String after() {
    return after;
  }

  /// @param place where the next page begins, null = there is none
  public @Nullable String next(@Nullable String place) {
    return place == null ? null : cursors.write(list, place);
  }

  /// The page as an answer.
  ///
  /// @param place as for [#next]
  public Answer answer(List<?> data, @Nullable String place) {
    return Answer.page(data, next(place));
  }
}
