package dev.gatewright.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  /// The truth table of DESIGN §4, one line a case; rules are `+` allow and `-` deny.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''               | fast  | local/a | yes
          +fast            | fast  | local/a | yes
          +fast            | slow  | local/a | no
          +local/a         | slow  | local/a | yes
          +local/*         | slow  | local/a | yes
          +local/*         | slow  | other/a | no
          +*               | slow  | other/a | yes
          +fast +slow      | slow  | other/a | yes
          -fast            | fast  | local/a | no
          -fast            | slow  | local/a | yes
          -local/a         | slow  | local/a | no
          -local/*         | fast  | local/a | no
          -*               | fast  | local/a | no
          +fast -fast      | fast  | local/a | no
          +fast -local/*   | fast  | local/a | no
          +fast -local/*   | fast  | other/a | yes
          +fas             | fast  | local/a | no
          +fast            | FAST  | local/a | no
          +fas*            | fast  | local/a | yes
          +fast*           | fast  | local/a | yes
          +fast            | fast  | ''      | yes
          +local/*         | fast  | ''      | no
          """)
  void models(String rules, String asked, String target, String expected) {
    Policy policy = Policy.ofKey("key_1", rules(Rule.Type.MODELS, rules));
    Denial denial = policy.model(asked, target.isEmpty() ? null : target);
    assertThat(denial == null).isEqualTo(expected.equals("yes"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                         | 10.1.2.3  | yes
          +10.0.0.0/8                | 10.1.2.3  | yes
          +10.0.0.0/8                | 11.1.2.3  | no
          +10.0.0.0/8                | ::1       | no
          -10.0.0.0/8                | 10.1.2.3  | no
          -10.0.0.0/8                | ::1       | yes
          +10.0.0.0/8 -10.1.0.0/16   | 10.1.2.3  | no
          +10.0.0.0/8 -10.1.0.0/16   | 10.2.2.3  | yes
          +10.0.0.0/8 +fd00::/8      | fd12::1   | yes
          +127.0.0.1                 | 127.0.0.1 | yes
          +127.0.0.1                 | 127.0.0.2 | no
          """)
  void addresses(String rules, String client, String expected) throws UnknownHostException {
    Policy policy = Policy.ofKey("key_1", rules(Rule.Type.IP, rules));
    Denial denial = policy.address(InetAddress.getByName(client));
    assertThat(denial == null).isEqualTo(expected.equals("yes"));
  }

  @Test
  void each_type_is_asked_alone() throws UnknownHostException {
    Policy policy =
        Policy.ofKey(
            "key_1",
            List.of(
                new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("fast")),
                new Rule(Rule.Effect.DENY, Rule.Type.PROVIDERS, List.of("openai")),
                new Rule(Rule.Effect.ALLOW, Rule.Type.SERVICES, List.of("tts")),
                new Rule(Rule.Effect.DENY, Rule.Type.ROOMS, List.of("daily"))));
    assertThat(policy.model("slow", null)).isNotNull();
    assertThat(policy.provider("openai")).isNotNull();
    assertThat(policy.provider("local")).isNull();
    assertThat(policy.service("tts")).isNull();
    assertThat(policy.service("whisper")).isNotNull();
    assertThat(policy.room("daily")).isNotNull();
    assertThat(policy.room("livekit")).isNull();
    assertThat(policy.address(InetAddress.getByName("192.0.2.1"))).isNull();
  }

  @Test
  void every_layer_must_pass_on_its_own() {
    PolicyView organization =
        new PolicyView(Layer.ORGANIZATION, "org_1", rules(Rule.Type.MODELS, "+a +b"));
    PolicyView key = new PolicyView(Layer.KEY, "key_1", rules(Rule.Type.MODELS, "+b +c"));
    Policy policy = Policy.of(organization, key);
    assertThat(policy.model("b", null)).isNull();
    assertThat(Objects.requireNonNull(policy.model("a", null)).layer()).isEqualTo(Layer.KEY);
    assertThat(Objects.requireNonNull(policy.model("c", null)).layer())
        .isEqualTo(Layer.ORGANIZATION);
  }

  @Test
  void a_denial_names_the_rule_and_what_was_asked_for() {
    Policy policy =
        Policy.ofKey(
            "key_1",
            List.of(
                new Rule(
                    Rule.Effect.ALLOW,
                    Rule.Type.MODELS,
                    List.of("a", "b", "c", "d", "e", "f", "g"))));
    assertThat(Objects.requireNonNull(policy.model("x", "local/x")).message())
        .isEqualTo(
            "model x (local/x) is not among what the key's rule allows: allow models a, b, c, d, e"
                + " and 2 more");
  }

  /// Against a second, naive evaluation straight from the words of DESIGN §4.
  @Test
  void agrees_with_the_oracle() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      List<PolicyView> layers = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        layers.add(new PolicyView(List.of(Layer.values()).get(i), "x", randomRules(random)));
      }
      String asked = name(random);
      String target = random.nextInt(4) == 0 ? null : name(random) + "/" + name(random);
      boolean expected = layers.stream().allMatch(layer -> oracle(layer.rules(), asked, target));
      assertThat(Policy.of(layers).model(asked, target) == null)
          .as("seed %d: %s asked %s target %s", seed, layers, asked, target)
          .isEqualTo(expected);
    }
  }

  private static boolean oracle(List<Rule> rules, String asked, @Nullable String target) {
    boolean allowRuleExists = false;
    boolean allowed = false;
    for (Rule rule : rules) {
      for (String value : rule.values()) {
        boolean hit = hits(value, asked) || (target != null && hits(value, target));
        if (rule.type() == Rule.Type.MODELS && rule.effect() == Rule.Effect.DENY && hit) {
          return false;
        }
        if (rule.type() == Rule.Type.MODELS && rule.effect() == Rule.Effect.ALLOW) {
          allowRuleExists = true;
          allowed |= hit;
        }
      }
    }
    return !allowRuleExists || allowed;
  }

  private static boolean hits(String value, String name) {
    return value.endsWith("*")
        ? name.startsWith(value.substring(0, value.length() - 1))
        : name.equals(value);
  }

  private static List<Rule> randomRules(Random random) {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      List<String> values = new ArrayList<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        String value = random.nextBoolean() ? name(random) : name(random) + "/" + name(random);
        values.add(random.nextInt(3) == 0 ? value + "*" : value);
      }
      Rule.Type type = random.nextInt(4) == 0 ? Rule.Type.PROVIDERS : Rule.Type.MODELS;
      rules.add(
          new Rule(random.nextBoolean() ? Rule.Effect.ALLOW : Rule.Effect.DENY, type, values));
    }
    return rules;
  }

  private static String name(Random random) {
    return List.of("a", "b", "ab", "aa", "ba").get(random.nextInt(5));
  }

  private static List<Rule> rules(Rule.Type type, String text) {
    List<Rule> rules = new ArrayList<>();
    for (String word : text.split(" ")) {
      if (!word.isEmpty()) {
        Rule.Effect effect = word.charAt(0) == '+' ? Rule.Effect.ALLOW : Rule.Effect.DENY;
        rules.add(new Rule(effect, type, List.of(word.substring(1))));
      }
    }
    return rules;
  }
}
