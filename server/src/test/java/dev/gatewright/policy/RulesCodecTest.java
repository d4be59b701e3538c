package dev.gatewright.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RulesCodecTest {
  @Test
  void reads_what_it_writes() {
    List<Rule> rules =
        List.of(
            new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("fast", "local/*")),
            new Rule(Rule.Effect.DENY, Rule.Type.IP, List.of("10.0.0.0/8")));
    assertThat(RulesCodec.read(RulesCodec.write(rules))).isEqualTo(rules);
    assertThat(RulesCodec.read("[]")).isEmpty();
  }

  @Test
  void a_rule_it_cannot_read_is_never_dropped() {
    for (String damaged :
        List.of(
            "[{}]",
            "[",
            "[{\"effect\":\"allow\",\"type\":\"moods\",\"values\":[\"a\"]}]",
            "[{\"effect\":\"allow\",\"type\":\"ip\",\"values\":[\"nonsense\"]}]")) {
      assertThatThrownBy(() -> RulesCodec.read(damaged)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_rule_about_a_meter_that_is_none_any_more_is_read() {
    String stored = "[{\"effect\":\"deny\",\"type\":\"prices\",\"values\":[\"moonlight<=3/1M\"]}]";
    assertThat(RulesCodec.read(stored))
        .containsExactly(new Rule(Rule.Effect.DENY, Rule.Type.PRICES, List.of("moonlight<=3/1M")));
    assertThat(RuleCheck.fault(Rule.Type.PRICES, List.of("moonlight<=3/1M"))).isNotNull();
  }

  @Test
  void faults_name_the_value() {
    assertThat(Objects.requireNonNull(RuleCheck.fault(Rule.Type.MODELS, List.of("a", "b*c"))))
        .isEqualTo(new RuleCheck.Fault(1, "b*c (expected: `*` at the end only)"));
    assertThat(RuleCheck.fault(Rule.Type.MODELS, List.of())).isNotNull();
    assertThat(RuleCheck.fault(Rule.Type.MODELS, List.of("a b"))).isNotNull();
    assertThat(RuleCheck.fault(Rule.Type.MODELS, List.of("a\nb"))).isNotNull();
    assertThat(RuleCheck.fault(Rule.Type.IP, List.of("10.0.0.1/8"))).isNotNull();
    assertThat(RuleCheck.fault(Rule.Type.IP, List.of("10.0.0.0/8", "::1"))).isNull();
  }
}
