package dev.gatewright.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The truth table of DESIGN §4 over all four layers: each layer in each of the states it can be in
/// for a call, every combination, every type.
class PolicyLayersTest {
  /// What a layer has to say about the thing asked for.
  @SuppressWarnings("ImmutableEnumChecker") // List.of is
  enum Says {
    NOTHING(true),
    ALLOWS_IT(true, "+hit"),
    ALLOWS_ANOTHER(false, "+miss"),
    DENIES_IT(false, "-hit"),
    DENIES_ANOTHER(true, "-miss"),
    ALLOWS_AND_DENIES_IT(false, "+hit", "-hit"),
    ALLOWS_IT_DENIES_ANOTHER(true, "+hit", "-miss"),
    ALLOWS_ANOTHER_DENIES_ANOTHER(false, "+miss", "-miss"),
    ALLOWS_BOTH(true, "+miss", "+hit"),
    ALLOWS_BOTH_DENIES_IT(false, "+miss", "+hit", "-hit");

    final boolean passes;
    final List<String> rules;

    Says(boolean passes, String... rules) {
      this.passes = passes;
      this.rules = List.of(rules);
    }
  }

  /// A type, a value that names the thing asked for, and one that does not.
  @SuppressWarnings("ImmutableEnumChecker") // pure functions
  enum Asked {
    MODEL_NAME(Rule.Type.MODELS, "gpt-4o", "gpt-4", p -> p.model("gpt-4o", "openai/x")),
    MODEL_PREFIX(Rule.Type.MODELS, "gpt-*", "claude-*", p -> p.model("gpt-4o", "openai/x")),
    MODEL_TARGET(Rule.Type.MODELS, "openai/*", "local/*", p -> p.model("gpt-4o", "openai/x")),
    MODEL_ALL(Rule.Type.MODELS, "*", "gpt-4o-*", p -> p.model("gpt-4o", null)),
    PROVIDER(Rule.Type.PROVIDERS, "openai", "local", p -> p.provider("openai")),
    PROVIDER_PREFIX(Rule.Type.PROVIDERS, "open*", "openai-*", p -> p.provider("openai")),
    SERVICE(Rule.Type.SERVICES, "chat", "tts", p -> p.service("chat")),
    ROOM(Rule.Type.ROOMS, "daily", "livekit", p -> p.room("daily")),
    ADDRESS(Rule.Type.IP, "192.0.2.0/24", "10.0.0.0/8", p -> p.address(client()));

    final Rule.Type type;
    final String hit;
    final String miss;
    final Function<Policy, @Nullable Denial> question;

    Asked(Rule.Type type, String hit, String miss, Function<Policy, @Nullable Denial> question) {
      this.type = type;
      this.hit = hit;
      this.miss = miss;
      this.question = question;
    }
  }

  @ParameterizedTest
  @EnumSource
  void all_layers_must_pass_each_alone(Asked asked) {
    for (Says organization : Says.values()) {
      for (Says project : Says.values()) {
        for (Says member : Says.values()) {
          for (Says key : Says.values()) {
            decide(asked, List.of(organization, project, member, key));
          }
        }
      }
    }
  }

  private static void decide(Asked asked, List<Says> says) {
    List<PolicyView> views = new ArrayList<>();
    Layer outermost = null;
    for (Layer layer : Layer.values()) {
      Says here = says.get(views.size());
      views.add(new PolicyView(layer, layer.word() + "_1", rules(asked, here)));
      outermost = outermost == null && !here.passes ? layer : outermost;
    }
    Denial denial = asked.question.apply(Policy.of(views));
    assertThat(denial == null ? null : denial.layer()).as("%s", says).isEqualTo(outermost);
  }

  @ParameterizedTest
  @EnumSource
  void a_type_that_does_not_apply_is_skipped(Asked asked) {
    for (Asked other : Asked.values()) {
      if (other.type != asked.type) {
        Policy policy = Policy.ofKey("key_1", rules(other, Says.ALLOWS_BOTH_DENIES_IT));
        assertThat(asked.question.apply(policy)).as("%s under %s", asked, other).isNull();
      }
    }
  }

  private static List<Rule> rules(Asked asked, Says says) {
    List<Rule> rules = new ArrayList<>();
    for (String word : says.rules) {
      Rule.Effect effect = word.charAt(0) == '+' ? Rule.Effect.ALLOW : Rule.Effect.DENY;
      rules.add(
          new Rule(effect, asked.type, List.of(word.endsWith("hit") ? asked.hit : asked.miss)));
    }
    return rules;
  }

  private static InetAddress client() {
    try {
      return InetAddress.getByName("192.0.2.1");
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
