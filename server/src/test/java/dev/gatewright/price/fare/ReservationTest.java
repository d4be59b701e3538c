package dev.gatewright.price.fare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.price.Catalogue;
import dev.gatewright.price.book.PriceEntry;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// ReserveCovers: what is kept aside covers the cost, however the tokens fall.
class ReservationTest {
  @Test
  void most_coversEverySplitOfTheTokens() {
    long seed = 20261127;
    Random random = new Random(seed);
    List<PriceEntry> entries = Catalogue.read();
    for (int i = 0; i < 50_000; i++) {
      PriceEntry entry = entries.get(random.nextInt(entries.size()));
      long input = random.nextLong(1, 1L << random.nextInt(1, 21));
      long output = random.nextLong(1, 1L << random.nextInt(1, 18));
      Map<String, Long> used = new TreeMap<>();
      long rest = input;
      for (String meter : List.of("cache_read", "cache_write_5m", "cache_write_1h")) {
        if (entry.prices(meter)) {
          long part = random.nextLong(rest + 1);
          used.put(meter, part);
          rest -= part;
        }
      }
      used.put("input", rest);
      if (entry.prices("output")) {
        used.put("output", output);
      }
      List<String> services = List.of("", "batch");
      String service = services.get(random.nextInt(2));
      Conditions conditions =
          entry.service().containsKey(service) ? new Conditions(service, "") : Conditions.NONE;

      long cost =
          Arithmetic.price(entry, used, conditions) instanceof Priced.Cost(long nano)
              ? nano
              : Long.MAX_VALUE;
      assertThat(Reservation.most(entry, input, output))
          .as("seed %d, case %d, %s", seed, i, entry.model())
          .isGreaterThanOrEqualTo(cost);
    }
  }
}
