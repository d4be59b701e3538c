package dev.gatewright.price;

import dev.gatewright.price.book.EntryView;
import dev.gatewright.price.book.PriceBook;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The prices in force: the configuration's, the platform's own and the catalogue's, one immutable
/// book for all readers, made anew when the feed tells of a change. Thread-safe.
public final class Prices {
  /// The feed's word for prices.
  public static final String CHANGE_KIND = "price";

  private static final Logger LOG = LoggerFactory.getLogger(Prices.class);

  private final Database database;
  private final Time time;
  private final String edition = Catalogue.edition();
  private volatile PricesConfig config;
  private volatile PriceBook book = PriceBook.EMPTY;

  /// @param database by its lane for look-ups
  private Prices(Database database, PricesConfig config, Time time) {
    this.database = database;
    this.config = config;
    this.time = time;
  }

  /// Reads what is there, and keeps what the files say. Blocks for a moment.
  public static Prices start(Database database, ChangeFeed feed, PricesConfig config, Time time) {
    Prices prices = new Prices(database, config, time);
    prices.read();
    // Whoever tells has no time to read.
    Runnable later = () -> Thread.ofVirtual().name("prices").start(prices::again);
    feed.listen(CHANGE_KIND, _ -> later.run());
    feed.listenGap(later);
    return prices;
  }

  /// Takes over an edited configuration; calls that are open stay with the version they began by.
  public void configure(PricesConfig edited) {
    config = edited;
    again();
  }

  public PriceBook book() {
    return book;
  }

  /// Callers with a hard budget or a wallet may call what has no price.
  public boolean allowUnpriced() {
    return config.allowUnpriced();
  }

  /// Reads anew what there is. Blocks.
  void again() {
    try {
      read();
    } catch (RuntimeException failed) {
      LOG.warn("prices could not be read anew, the former ones hold: {}", failed.getMessage());
    }
  }

  private synchronized void read() {
    List<PriceVersion> files = new ArrayList<>();
    config.entries().forEach(each -> files.add(version(PriceVersion.Origin.FILE, each)));
    Set<String> standing = new HashSet<>(database.read(sql -> PriceStore.edition(sql, edition)));
    List<PriceVersion> listed =
        standing.isEmpty()
            ? Catalogue.read().stream()
                .map(each -> version(PriceVersion.Origin.CATALOGUE, each))
                .toList()
            : List.of();
    List<PriceVersion> kept = database.read(PriceStore::all);
    Set<String> ids = new HashSet<>();
    kept.forEach(each -> ids.add(each.id()));
    boolean fresh = files.stream().anyMatch(each -> !ids.contains(each.id()));
    if (fresh || !listed.isEmpty()) {
      database.write(handle -> {
        files.forEach(each -> PriceStore.insert(handle, each));
        listed.forEach(each -> PriceStore.insert(handle, each));
        listed.forEach(each -> PriceStore.insertEdition(handle, edition, each.id()));
        return listed.size();
      });
      kept = database.read(PriceStore::all);
    }
    files.forEach(each -> standing.add(each.id()));
    listed.forEach(each -> standing.add(each.id()));
    List<PriceVersion> active =
        kept.stream().filter(each -> madeHere(each) || standing.contains(each.id())).toList();
    book = new PriceBook(kept, active);
  }

  private static boolean madeHere(PriceVersion version) {
    return switch (version.origin()) {
      case API, IMPORTED -> true;
      case CATALOGUE, FILE -> false;
    };
  }

  private PriceVersion version(PriceVersion.Origin origin, PriceEntry entry) {
    String form = EntryView.tree(entry).toString();
    return new PriceVersion(
        EntryView.id(origin, form), 0, origin, entry, form, time.millis(), null);
  }
}
