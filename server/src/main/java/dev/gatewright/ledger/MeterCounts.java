package dev.gatewright.ledger;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What [Meters] has checked: sorted by name, and its text kept, since a call writes the same one
/// to the log and to its row. Immutable.
final class MeterCounts extends AbstractMap<String, Long> {
  private final String[] names;
  private final long[] counts;

  /// Made when it is asked for; whoever races for it makes the same one.
  private volatile @Nullable String text;

  /// @param names ascending, each once; not copied
  /// @param counts of each; not copied
  MeterCounts(String[] names, long[] counts) {
    this.names = names;
    this.counts = counts;
  }

  String text() {
    String known = text;
    if (known == null) {
      StringBuilder made = new StringBuilder(24 * names.length);
      for (int i = 0; i < names.length; i++) {
        made.append(i == 0 ? "" : ",").append(names[i]).append('=').append(counts[i]);
      }
      known = made.toString();
      text = known;
    }
    return known;
  }

  @Override
  public int size() {
    return names.length;
  }

  @Override
  public @Nullable Long get(@Nullable Object name) {
    int at = name instanceof String text ? Arrays.binarySearch(names, text) : -1;
    return at < 0 ? null : (Long) counts[at];
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return name instanceof String text && Arrays.binarySearch(names, text) >= 0;
  }

  @Override
  public Set<Map.Entry<String, Long>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return names.length;
      }

      @Override
      public Iterator<Map.Entry<String, Long>> iterator() {
        return new Iterator<>() {
          private int at;

          @Override
          public boolean hasNext() {
            return at < names.length;
          }

          @Override
          public Map.Entry<String, Long> next() {
            if (at == names.length) {
              throw new NoSuchElementException();
            }
            return Map.entry(names[at], counts[at++]);
          }
        };
      }
    };
  }
}
