package dev.gatewright.price.book;

import dev.gatewright.policy.ListedPrice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All prices, as of one reading. Immutable: calls read it without a lock.
public final class PriceBook {
  public static final PriceBook EMPTY = new PriceBook(List.of(), List.of());

  private final Map<String, PriceVersion> byId = new HashMap<>();
  private final Shelf own;
  private final Shelf catalogue;
  private final Set<String> activeIds = new HashSet<>();

  /// @param kept every version there ever was, for what was opened by one
  /// @param active those that may apply
  public PriceBook(List<PriceVersion> kept, List<PriceVersion> active) {
    kept.forEach(each -> byId.put(each.id(), each));
    active.forEach(each -> byId.put(each.id(), each));
    active.forEach(each -> activeIds.add(each.id()));
    own = new Shelf(active.stream().filter(each -> !each.catalogue()).toList());
    catalogue = new Shelf(active.stream().filter(PriceVersion::catalogue).toList());
  }

  /// One kind of prices: exact names before the longest pattern.
  private static final class Shelf {
    private final Map<String, List<PriceVersion>> exact = new HashMap<>();
    private final List<List<PriceVersion>> patterns;

    Shelf(List<PriceVersion> versions) {
      Map<String, List<PriceVersion>> wild = new HashMap<>();
      // The latest first; of one instant, what was made last.
      versions.stream()
          .filter(each -> !each.entry().forecast())
          .sorted(
              Comparator.comparing((PriceVersion each) -> each.entry().from())
                  .thenComparingLong(PriceVersion::createdMillis)
                  .thenComparingLong(PriceVersion::version)
                  .reversed())
          .forEach(each ->
              (each.entry().pattern() ? wild : exact)
                  .computeIfAbsent(each.entry().model(), _ -> new ArrayList<>(1))
                  .add(each));
      patterns = new ArrayList<>(wild.values());
      patterns.sort(
          Comparator.comparingInt(
                  (List<PriceVersion> each) -> each.getFirst().entry().model().length())
              .reversed());
    }

    @Nullable PriceVersion find(String name, long atMillis) {
      List<PriceVersion> named = exact.get(name);
      PriceVersion found = named == null ? null : inForce(named, atMillis);
      for (int i = 0; found == null && i < patterns.size(); i++) {
        List<PriceVersion> pattern = patterns.get(i);
        found = pattern.getFirst().entry().matches(name) ? inForce(pattern, atMillis) : null;
      }
      return found;
    }

    private static @Nullable PriceVersion inForce(List<PriceVersion> versions, long atMillis) {
      for (PriceVersion version : versions) {
        if (version.entry().from().toEpochMilli() <= atMillis) {
          return version;
        }
      }
      return null;
    }
  }

  /// The price in force; null = there is none.
  ///
  /// @param name `provider/model` or `service/path`, as this gate calls it
  /// @param listed the same as the catalogue calls it; null = the catalogue does not apply
  public @Nullable PriceVersion find(String name, @Nullable String listed, long atMillis) {
    PriceVersion found = own.find(name, atMillis);
    return found != null || listed == null ? found : catalogue.find(listed, atMillis);
  }

  /// The same as rules ask for it.
  public @Nullable ListedPrice listed(String name, @Nullable String listed, long atMillis) {
    PriceVersion version = find(name, listed, atMillis);
    return version == null ? null : version.entry()::listed;
  }

  /// What a call that is over cost by list price: by the version its row names, else as of then;
  /// null = it has no price.
  ///
  /// @param version empty = its row names none
  public @Nullable ListedPrice recorded(String version, String target, long atMillis) {
    PriceVersion named = version.isEmpty() ? null : byId.get(version);
    return named == null ? listed(target, null, atMillis) : named.entry()::listed;
  }

  /// Any version there ever was.
  public @Nullable PriceVersion version(String id) {
    return byId.get(id);
  }

  /// Every version there ever was.
  public Collection<PriceVersion> kept() {
    return byId.values();
  }

  /// It may apply, now or at another time.
  public boolean applies(String id) {
    return activeIds.contains(id);
  }

  public boolean isEmpty() {
    return activeIds.isEmpty();
  }
}
