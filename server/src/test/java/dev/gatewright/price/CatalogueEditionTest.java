package dev.gatewright.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.key.TestKeys;
import dev.gatewright.price.book.PriceBook;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The program's own catalogue is read once by each edition of it, and stands the same afterwards.
class CatalogueEditionTest {
  @EachDatabase
  void start_findsWhatAnEarlierOneHasRead(Database database) throws Exception {
    try (TestKeys test = new TestKeys(database)) {
      Set<String> first = standing(test);
      Set<String> kept =
          new HashSet<>(database.read(sql -> PriceStore.edition(sql, Catalogue.edition())));
      assertThat(kept).isNotEmpty().isEqualTo(first);
      assertThat(standing(test)).isEqualTo(first);

      // Another edition: what it does not bring any more stands no longer.
      database.write(sql -> sql.execute("DELETE FROM price_catalogue"));
      String gone = kept.iterator().next();
      database.write(sql -> {
        PriceStore.insertEdition(sql, Catalogue.edition(), gone);
        return 1;
      });
      assertThat(standing(test)).containsExactly(gone);
    }
  }

  private static Set<String> standing(TestKeys test) {
    PriceBook book = Prices.start(test.database, test.feed, PricesConfig.NONE, test.time).book();
    return book.kept().stream()
        .map(PriceVersion::id)
        .filter(book::applies)
        .collect(Collectors.toSet());
  }
}
