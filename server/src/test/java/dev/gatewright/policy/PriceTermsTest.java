package dev.gatewright.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.policy.ListedPrice.Listed;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PriceTermsTest {
  private static final Map<String, Listed> RATES =
      Map.of(
          "input", new Listed(5_000_000_000L, 1_000_000),
          "output", new Listed(15_000_000_000L, 1_000_000),
          "images", new Listed(40_000_000, 1));

  private static boolean met(String value) {
    return PriceTerms.parse(value).met(RATES::get);
  }

  @Test
  void term_comparesExactly_whateverTheUnitsAre() {
    for (String yes :
        new String[] {
          "input<=5/1M",
          "input<=0.005/1k",
          "input<=0.000005/1",
          "input>=5.00/1000000",
          "input<5.000000001/1M",
          "input>4.999999999/1M",
          "input <= 5 / 1M & output <= 15/1M",
          "images<=0.04/1",
        }) {
      assertThat(met(yes)).as(yes).isTrue();
    }
    for (String no :
        new String[] {
          "input<5/1M",
          "input>5/1M",
          "input<=4.999999999/1M",
          "input<=5/1M&output<15/1M",
          "cache_read<=1000000000/1",
          "cache_read>=0/1",
        }) {
      assertThat(met(no)).as(no).isFalse();
    }
  }

  @Test
  void value_thatIsNone_isRefusedWithWhatWasExpected() {
    for (String wrong :
        new String[] {
          "input",
          "input<=5",
          "input<=-5/1M",
          "input=5/1M",
          "input<=5/0",
          "input<=5/1G",
          "input<=1e3/1M",
          "INPUT<=5/1M",
          "input<=5/1M&",
          "input<=0.0000000001/1M",
          "*",
        }) {
      assertThatThrownBy(() -> PriceTerms.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected: such as input<=5/1M");
      assertThat(RuleCheck.fault(Rule.Type.PRICES, List.of(wrong))).as(wrong).isNotNull();
    }
  }

  @Test
  void rule_aboutAMeterThatThereIsNot_isRefusedWithThoseThereAre() {
    for (String wrong : List.of("foo<=1/1M", "input<=5/1M & outputs<=1/1M", "images_audio<1/1")) {
      RuleCheck.Fault fault = RuleCheck.fault(Rule.Type.PRICES, List.of("input<=5/1M", wrong));
      assertThat(Objects.requireNonNull(fault, wrong).index()).isEqualTo(1);
      assertThat(fault.message()).contains("expected: a meter: input, ", "rerank_units");
    }
    for (String good : List.of("output_audio<=1/1M", "cache_write_1h<1/1M", "bytes<=1/1M")) {
      assertThat(RuleCheck.fault(Rule.Type.PRICES, List.of(good))).as(good).isNull();
    }
    assertThat(PriceTerms.parse("foo<=1/1M").met(RATES::get))
        .as("one that was written before is read, and met by nothing")
        .isFalse();
  }

  /// A narrower key's rule lets nothing through that the wider one does not.
  @Test
  void covers_isNeverWiderThanWhatIsMet() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int covered = 0;
    for (int i = 0; i < 20_000; i++) {
      PriceTerms wide = PriceTerms.parse(random(random));
      PriceTerms narrow = PriceTerms.parse(random(random));
      if (!wide.covers(narrow)) {
        continue;
      }
      covered++;
      for (int price = 0; price < 8; price++) {
        Listed input = new Listed(random.nextInt(5), 1 + random.nextInt(2));
        Listed output = new Listed(random.nextInt(5), 1);
        ListedPrice listed = meter -> meter.equals("input") ? input : output;
        assertThat(!narrow.met(listed) || wide.met(listed))
            .as("seed %d: %s covers %s at %s, %s", seed, wide, narrow, input, output)
            .isTrue();
      }
    }
    assertThat(covered).isGreaterThan(1_000);
  }

  private static String random(Random random) {
    String[] orders = {"<=", "<", ">=", ">"};
    StringBuilder value = new StringBuilder();
    for (int term = random.nextInt(2); term >= 0; term--) {
      value
          .append(value.isEmpty() ? "" : "&")
          .append(random.nextBoolean() ? "input" : "output")
          .append(orders[random.nextInt(4)])
          .append("0.00000000")
          .append(random.nextInt(5))
          .append('/')
          .append(1 + random.nextInt(2));
    }
    return value.toString();
  }

  private static PolicyView view(Rule.Effect effect, String... values) {
    return new PolicyView(
        Layer.KEY, "key_1", List.of(new Rule(effect, Rule.Type.PRICES, List.of(values))));
  }

  @Test
  void rules_followTheAlgebra_andWhatHasNoPriceFailsEachOfThem() {
    PolicyView allow = view(Rule.Effect.ALLOW, "input<=1/1M", "input<=5/1M&output<=15/1M");
    assertThat(allow.price("a/b", RATES::get)).isNull();
    assertThat(allow.price("a/b", _ -> new Listed(1_000, 1))).as("the first value").isNull();
    assertThat(Objects.requireNonNull(allow.price("a/b", _ -> new Listed(6_000, 1))).message())
        .contains("the price of model a/b is not among what the key's rule allows: allow prices");
    assertThat(allow.price("a/b", null)).isNotNull();
    PolicyView deny = view(Rule.Effect.DENY, "input>5/1M", "output>20/1M");
    assertThat(deny.price("a/b", RATES::get)).isNull();
    assertThat(deny.price("a/b", _ -> new Listed(6_000, 1))).isNotNull();
    assertThat(Objects.requireNonNull(deny.price("a/b", null)).message())
        .contains("which has no price,");
    PolicyView none = new PolicyView(Layer.KEY, "key_1", List.of());
    assertThat(none.price("a/b", null)).isNull();
    assertThat(Policy.of(none, allow).limitsPrices()).isTrue();
    assertThat(Policy.of(none).limitsPrices()).isFalse();
    assertThat(Policy.of(allow, deny).price("a/b", _ -> new Listed(1_000, 1))).isNull();
    assertThat(
            Policy.of(view(Rule.Effect.ALLOW, "input<=5/1M"), view(Rule.Effect.DENY, "input>=5/1M"))
                .price("a/b", RATES::get))
        .as("deny wins")
        .isNotNull();
  }
}
