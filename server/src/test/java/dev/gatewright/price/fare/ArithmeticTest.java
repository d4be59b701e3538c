package dev.gatewright.price.fare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.price.Catalogue;
import dev.gatewright.price.book.EntryView;
import dev.gatewright.price.book.PriceBook;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.price.book.PriceVersion.Origin;
import dev.gatewright.price.book.Rate;
import dev.gatewright.price.book.Ratio;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What calls cost, to the nano: the vectors were checked with exact fractions.
class ArithmeticTest {
  private static final Instant LATE = Instant.parse("2026-11-27T00:00:00Z");

  /// Prices that the catalogue does not ship, as their sources quote them.
  private static final Map<String, PriceEntry> OTHERS =
      Map.of(
          "gemini-2.5-pro",
          entry(
              """
              {"meters": {"input": "1.25/1M", "cache_read": "0.125/1M", "output": "10/1M"},
               "tiers": [{"when": "prompt > 200000",
                 "meters": {"input": "2.5/1M", "cache_read": "0.25/1M", "output": "15/1M"}}]}\
              """),
          "gemini-2.5-flash",
          entry(
              """
              {"meters": {"input": "0.3/1M", "input_audio": "1/1M", "output": "2.5/1M"}}\
              """),
          "gemini-2.5-flash-image",
          entry(
              """
              {"meters": {"input": "0.3/1M", "output": "2.5/1M", "output_image": "30/1M"}}\
              """),
          "grok-4.5",
          entry(
              """
              {"meters": {"input": "2/1M", "cache_read": "0.3/1M", "output": "6/1M"},
               "tiers": [{"when": "prompt >= 200000",
                 "meters": {"input": "4/1M", "cache_read": "0.6/1M", "output": "12/1M"}}]}\
              """),
          "grok-4.3",
          entry(
              """
              {"meters": {"input": "1.25/1M", "output": "2.5/1M"}, "factor": {"us": "11/10"}}\
              """),
          "deepseek-v4-flash",
          entry(
              """
              {"meters": {"cache_read": "0.0028/1M"}}\
              """),
          "rerank-4-fast",
          entry(
              """
              {"meters": {"rerank_units": "2/1k"}, "quantity": {"rerank_units": {"per": 100}}}\
              """),
          "whisper-large-v3",
          entry(
              """
              {"meters": {"audio_seconds": "0.111/3600"},
               "quantity": {"audio_seconds": {"min": 10, "step": 1}}}\
              """),
          "whisper-1",
          entry(
              """
              {"meters": {"audio_seconds": "0.006/60"},
               "quantity": {"audio_seconds": {"step": 1, "round": "nearest"}}}\
              """));

  static PriceEntry entry(String json) {
    return EntryView.read("{\"model\": \"some/model\", " + json.strip().substring(1));
  }

  private static PriceEntry other(String model) {
    return Objects.requireNonNull(OTHERS.get(model), model);
  }

  static PriceBook shipped() {
    List<PriceVersion> all = new ArrayList<>();
    Catalogue.read()
        .forEach(each -> {
          String form = EntryView.tree(each).toString();
          all.add(
              new PriceVersion(
                  EntryView.id(Origin.CATALOGUE, form), 1, Origin.CATALOGUE, each, form, 0, null));
        });
    return new PriceBook(all, all);
  }

  private static Map<String, Long> meters(String text) {
    Map<String, Long> meters = new TreeMap<>();
    for (String each : text.split(" ", -1)) {
      int equals = each.indexOf('=');
      meters.put(each.substring(0, equals), Long.parseLong(each.substring(equals + 1)));
    }
    return meters;
  }

  /// Vectors 1 to 21 of the design, in its order.
  @ParameterizedTest
  @CsvSource({
    "openai/gpt-5, , , input=2345 cache_read=10000 output=166 reasoning=512, 10961250",
    "openai/gpt-5.4, , , input=272000 output=1000, 695000000",
    "openai/gpt-5.4, , , input=272001 output=1000, 1382505000",
    "openai/gpt-5.6-luna, 2026-07-29T00:00:00Z, , input=10000 output=1000, 16000000",
    "openai/gpt-5.6-luna, 2026-07-30T00:00:00Z, , input=10000 output=1000, 3200000",
    "openai/gpt-5.6-sol, , , input=5000 cache_read=30000 cache_write_5m=15000 output=2000,"
        + " 193750000",
    "anthropic/claude-opus-5, , , input=2000 cache_write_5m=10000 cache_write_1h=4000"
        + " cache_read=50000 output=1500 web_search=3, 205000000",
    "anthropic/claude-opus-5, , tier=batch, input=5001 output=801, 22515000",
    "anthropic/claude-sonnet-4-5, , , input=150000 cache_read=60000 output=1000, 958500000",
    "anthropic/claude-opus-4-6, 2026-03-12T23:59:59Z, , input=250000 output=1000, 2537500000",
    "anthropic/claude-opus-4-6, 2026-03-13T00:00:00Z, , input=250000 output=1000, 1275000000",
    "gemini-2.5-pro, , , input=200000 output=7, 250070000",
    "gemini-2.5-pro, , , input=200000 cache_read=1 output=7, 500105250",
    "gemini-2.5-flash, , , input=1000 input_audio=3200 output=333, 4332500",
    "gemini-2.5-flash-image, , , input=20 output=15 output_image=1290, 38743500",
    "grok-4.5, , , input=100000 cache_read=100000 output=1, 460012000",
    "grok-4.3, , region=us, input=1001 output=11, 1406625",
    "deepseek-v4-flash, , , cache_read=1, 3",
    "rerank-4-fast, , , rerank_units=250, 6000000",
    "whisper-large-v3, , , audio_millis=4200, 308334",
    "whisper-1, , , audio_millis=61400, 6100000"
  })
  void price_vectors(
      String model, @Nullable String at, @Nullable String conditions, String used, long nano) {
    long millis = (at == null ? LATE : Instant.parse(at)).toEpochMilli();
    PriceEntry entry = OTHERS.get(model);
    if (entry == null) {
      entry = Objects.requireNonNull(shipped().find("no/model", model, millis), model).entry();
    }

    Priced priced =
        Arithmetic.price(
            entry, meters(used), Conditions.parse(conditions == null ? "" : conditions));

    assertThat(priced).isEqualTo(new Priced.Cost(nano));
  }

  /// Boundary200000: `>` and `>=` differ in exactly one call.
  @Test
  void tier_atTheBoundary_isTheEntrysOwnComparator() {
    PriceEntry above = other("gemini-2.5-pro");
    PriceEntry from = other("grok-4.5");

    assertThat(cost(above, Map.of("input", 200_000L))).isEqualTo(250_000_000);
    assertThat(cost(above, Map.of("input", 200_001L))).isEqualTo(500_002_500);
    assertThat(cost(from, Map.of("input", 199_999L))).isEqualTo(399_998_000);
    assertThat(cost(from, Map.of("input", 200_000L))).isEqualTo(800_000_000);
  }

  /// WholeRequest: no marginal tiers, and output does not make a prompt long.
  @Test
  void tier_once_ratesTheWholeRequest() {
    PriceEntry pro = other("gemini-2.5-pro");

    assertThat(cost(pro, Map.of("input", 200_001L, "output", 1_000L))).isEqualTo(515_002_500);
    assertThat(cost(pro, Map.of("input", 1L, "output", 300_000L))).isEqualTo(3_000_001_250L);
  }

  /// MissingMeter: never 0.
  @Test
  void meter_withoutPrice_isUnpriced() {
    PriceEntry flash = other("gemini-2.5-flash");

    assertThat(Arithmetic.price(flash, Map.of("input", 1L, "web_search", 1L), Conditions.NONE))
        .isEqualTo(new Priced.Unpriced("web_search"));
    assertThat(Arithmetic.price(flash, Map.of("input", 1L, "web_search", 0L), Conditions.NONE))
        .isEqualTo(new Priced.Cost(300));
    assertThat(Arithmetic.price(flash, Map.of("output_audio", 1L), Conditions.NONE))
        .isEqualTo(new Priced.Unpriced("output_audio"));
  }

  /// TierOfResponse: what a tier costs that nobody has priced is not known.
  @Test
  void service_withoutRatio_isUnpriced() {
    PriceEntry flash = other("gemini-2.5-flash");

    assertThat(Arithmetic.price(flash, Map.of("input", 1L), new Conditions("flex", "")))
        .isEqualTo(new Priced.Unpriced("service:flex"));
    assertThat(Arithmetic.price(flash, Map.of("input", 1L), new Conditions("default", "")))
        .isEqualTo(new Priced.Cost(300));
  }

  /// MinimumSeconds, PerHour: rounded once, by the entry's own step.
  @Test
  void audio_isRoundedByTheEntrysOwnStep() {
    PriceEntry groq = other("whisper-large-v3");
    PriceEntry openai = other("whisper-1");

    assertThat(cost(groq, Map.of("audio_millis", 1L))).isEqualTo(308_334);
    assertThat(cost(groq, Map.of("audio_millis", 10_000L))).isEqualTo(308_334);
    assertThat(cost(groq, Map.of("audio_millis", 10_001L))).isEqualTo(339_167);
    assertThat(cost(groq, Map.of("audio_millis", 3_600_000L))).isEqualTo(111_000_000);
    assertThat(cost(openai, Map.of("audio_millis", 61_499L))).isEqualTo(6_100_000);
    assertThat(cost(openai, Map.of("audio_millis", 61_500L))).isEqualTo(6_200_000);
  }

  /// Against exact fractions of any size.
  @Test
  void price_ofAnything_isTheExactSumRoundedUpOnce() {
    long seed = 20261127;
    Random random = new Random(seed);
    List<String> names = List.of("input", "cache_read", "output", "web_search", "audio_seconds");
    for (int i = 0; i < 20_000; i++) {
      Map<String, Rate> rates = new TreeMap<>();
      Map<String, Long> used = new TreeMap<>();
      BigInteger above = BigInteger.ZERO;
      BigInteger below = BigInteger.ONE;
      for (String name : names) {
        Rate rate =
            new Rate(
                random.nextLong(1L << random.nextInt(1, 45)),
                List.of(1L, 60L, 1_000L, 3_600L, 1_000_000L, 999_983L).get(random.nextInt(6)));
        long count = random.nextLong(1L << random.nextInt(1, 38));
        boolean audio = name.equals("audio_seconds");
        rates.put(name, rate);
        used.put(audio ? "audio_millis" : name, count);
        BigInteger per =
            BigInteger.valueOf(rate.per()).multiply(BigInteger.valueOf(audio ? 1000 : 1));
        above =
            above
                .multiply(per)
                .add(
                    BigInteger.valueOf(count)
                        .multiply(BigInteger.valueOf(rate.nano()))
                        .multiply(below));
        below = below.multiply(per);
      }
      BigInteger[] exact =
          above.multiply(BigInteger.valueOf(11)).divideAndRemainder(below.multiply(BigInteger.TEN));
      BigInteger up = exact[1].signum() == 0 ? exact[0] : exact[0].add(BigInteger.ONE);
      PriceEntry entry = priced(rates);

      assertThat(Arithmetic.price(entry, used, new Conditions("", "us")))
          .as("seed %d, case %d", seed, i)
          .isEqualTo(new Priced.Cost(up.min(BigInteger.TEN.pow(18)).longValueExact()));
    }
  }

  private static PriceEntry priced(Map<String, Rate> rates) {
    return new PriceEntry(
        "some/model",
        Instant.EPOCH,
        rates,
        List.of(),
        Map.of(),
        Map.of("us", new Ratio(11, 10)),
        Map.of(),
        java.util.Set.of(),
        0,
        0,
        "",
        null);
  }

  private static long cost(PriceEntry entry, Map<String, Long> used) {
    return Arithmetic.price(entry, used, Conditions.NONE) instanceof Priced.Cost(long nano)
        ? nano
        : -1;
  }
}
