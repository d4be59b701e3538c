package dev.gatewright.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScopeTest {
  @Test
  void no_rules_cover_everything() {
    assertThat(Scope.exceeded(List.of(), List.of(allow("a")))).isNull();
    assertThat(Scope.exceeded(List.of(), List.of())).isNull();
  }

  @Test
  void an_unrestricted_key_goes_beyond_a_restricted_one() {
    assertThat(Scope.exceeded(List.of(allow("a")), List.of())).isEqualTo(allow("a"));
    assertThat(Scope.exceeded(List.of(deny("a")), List.of())).isEqualTo(deny("a"));
  }

  @Test
  void values_inside_wildcards_are_covered() {
    assertThat(Scope.exceeded(List.of(allow("local/*")), List.of(allow("local/a")))).isNull();
    assertThat(Scope.exceeded(List.of(allow("local/*")), List.of(allow("local/a*")))).isNull();
    assertThat(Scope.exceeded(List.of(allow("local/a")), List.of(allow("local/*")))).isNotNull();
    assertThat(Scope.exceeded(List.of(allow("*")), List.of(allow("local/*")))).isNull();
    assertThat(Scope.exceeded(List.of(allow("a")), List.of(allow("*")))).isNotNull();
  }

  @Test
  void address_ranges_are_compared_as_ranges() {
    assertThat(Scope.exceeded(List.of(ip("10.0.0.0/8")), List.of(ip("10.1.0.0/16")))).isNull();
    assertThat(Scope.exceeded(List.of(ip("10.1.0.0/16")), List.of(ip("10.0.0.0/8")))).isNotNull();
    assertThat(Scope.exceeded(List.of(ip("::/0")), List.of(ip("10.0.0.0/8")))).isNotNull();
    assertThat(Scope.exceeded(List.of(ip("10.0.0.0/8")), List.of(ip("10.0.0.7")))).isNull();
  }

  /// Whatever the comparison lets through may indeed do nothing the outer key may not.
  @Test
  void what_lies_within_never_may_more() throws UnknownHostException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    InetAddress client = InetAddress.getByName("192.0.2.1");
    int within = 0;
    for (int round = 0; round < 50_000; round++) {
      List<Rule> outer = rules(random);
      List<Rule> inner = rules(random);
      if (Scope.exceeded(outer, inner) == null) {
        within++;
        Policy wide = Policy.ofKey("key_1", outer);
        Policy narrow = Policy.ofKey("key_1", inner);
        String asked = name(random);
        String target = name(random) + "/" + name(random);
        if (narrow.model(asked, target) == null && narrow.address(client) == null) {
          assertThat(wide.model(asked, target))
              .as("seed %d: %s within %s, asked %s, target %s", seed, inner, outer, asked, target)
              .isNull();
        }
      }
    }
    assertThat(within).isGreaterThan(1_000);
  }

  private static List<Rule> rules(Random random) {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String value = random.nextBoolean() ? name(random) : name(random) + "/" + name(random);
      String pattern = random.nextInt(3) == 0 ? value + "*" : value;
      rules.add(random.nextBoolean() ? allow(pattern) : deny(pattern));
    }
    return rules;
  }

  private static String name(Random random) {
    return List.of("a", "b", "ab", "aa").get(random.nextInt(4));
  }

  private static Rule allow(String model) {
    return new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of(model));
  }

  private static Rule deny(String model) {
    return new Rule(Rule.Effect.DENY, Rule.Type.MODELS, List.of(model));
  }

  private static Rule ip(String range) {
    return new Rule(Rule.Effect.ALLOW, Rule.Type.IP, List.of(range));
  }
}
