package dev.gatewright.key.migration.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.policy.RuleText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A key never comes out of a file wider than it was: each field is understood, or its row is
/// refused and the field named.
class NeverWiderTest {
  private static final String KEY = "Zq8vT2mX4cLw9RkJ7sYbN3pGfHd6VaEu";

  private static KeyFileContent map(String fields) {
    return content(
        "{\"%s\": {\"user\": \"ada\", %s}}".formatted(KEY, fields), KeyFileFormat.JSON_MAP);
  }

  private static KeyFileContent list(String fields) {
    return content(
        "[{\"token\": \"%s\", \"status\": \"active\", %s}]".formatted(KEY, fields),
        KeyFileFormat.LLMGATEWAY);
  }

  private static KeyFileContent content(String text, KeyFileFormat format) {
    KeyFile.Read read = KeyFile.read(text, format);
    assertThat(read).as(text).isInstanceOf(KeyFile.Read.Good.class);
    return ((KeyFile.Read.Good) read).content();
  }

  private static ImportRow row(String fields) {
    KeyFileContent content = map(fields);
    assertThat(content.refused()).as(fields).isEmpty();
    return content.rows().getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"enabled\": false",
        "\"enabled\": 0",
        "\"enabled\": \"no\"",
        "\"enabled\": \"Off\"",
        "\"enabled\": {\"value\": false}",
        "\"Enabled\": false",
        "\"active\": false",
        "\"is_active\": false",
        "\"isActive\": \"false\"",
        "\"IS-ACTIVE\": 0",
        "\"valid\": false",
        "\"disabled\": true",
        "\"disabled\": 1",
        "\"is_disabled\": \"yes\"",
        "\"revoked\": true",
        "\"isRevoked\": true",
        "\"blocked\": true",
        "\"suspended\": true",
        "\"paused\": true",
        "\"banned\": \"true\"",
        "\"archived\": true",
        "\"deleted\": true",
        "\"expired\": true",
        "\"compromised\": true",
        "\"revoked_at\": \"2025-01-01T00:00:00Z\"",
        "\"deletedAt\": 1750000000",
        "\"disabled_at\": \"2025-01-01\"",
        "\"status\": \"inactive\"",
        "\"status\": \"Revoked\"",
        "\"status\": \"suspended\"",
        "\"state\": \"disabled\"",
        "\"state\": \"expired\"",
        "\"status\": {\"active\": false}",
        "\"status\": {\"state\": \"inactive\"}",
        "\"status\": {\"value\": \"revoked\"}",
        "\"status\": {\"enabled\": true, \"revoked\": true}",
        "\"enabled\": true, \"revoked\": true",
        "\"revoked\": true, \"enabled\": true",
        "\"active\": true, \"is_active\": false",
        "\"status\": \"active\", \"disabled\": true",
        "\"enabled\": true, \"status\": {\"active\": false}",
      })
  void what_is_off_in_any_spelling_stays_off(String fields) {
    assertThat(row(fields).enabled()).as(fields).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"enabled\": true",
        "\"status\": \"active\"",
        "\"status\": {\"active\": true}",
        "\"disabled\": false",
        "\"revoked\": null",
        "\"revoked_at\": null",
        "\"enabled\": \"yes\", \"disabled\": 0",
      })
  void what_is_on_is_on(String fields) {
    assertThat(row(fields).enabled()).as(fields).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"service\": \"chat\"",
        "\"service\": {\"chat\": true, \"tts\": false}",
        "\"services\": [{\"name\": \"chat\"}]",
        "\"services\": [{\"id\": \"chat\"}, {\"id\": \"tts\", \"enabled\": false}]",
        "\"services\": [{\"name\": \"chat\", \"active\": true}, {\"name\": \"tts\", \"disabled\": true}]",
        "\"services\": [\" Chat \"]",
        "\"allowed_services\": [\"chat\"]",
        "\"allowedServices\": \"chat\"",
      })
  void services_are_narrowed_in_any_spelling(String fields) {
    assertThat(row(fields).services()).as(fields).containsExactly("chat");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"allowed_ips\": [\"10.0.0.0/8\"]",
        "\"allowedIps\": \"10.0.0.0/8\"",
        "\"ip_whitelist\": [\"10.0.0.0/8\"]",
        "\"ip_allowlist\": {\"10.0.0.0/8\": true, \"0.0.0.0/0\": false}",
        "\"ips\": [\"10.0.0.0/8\"]",
        "\"allowed_cidrs\": [\"10.0.0.0/8\"]",
      })
  void addresses_become_a_rule(String fields) {
    assertThat(row(fields).rules())
        .as(fields)
        .containsExactly(new RuleText("allow", "ip", List.of("10.0.0.0/8")));
  }

  @Test
  void models_and_providers_become_rules() {
    assertThat(
            row("\"models\": [\"a\"], \"blocked_models\": \"b\", \"allowedProviders\": [\"p\"]")
                .rules())
        .containsExactly(
            new RuleText("allow", "models", List.of("a")),
            new RuleText("deny", "models", List.of("b")),
            new RuleText("allow", "providers", List.of("p")));
  }

  @Test
  void of_several_times_the_narrowest_holds() {
    ImportRow row =
        row(
            "\"expires\": null, \"valid_until\": {\"at\": \"2027-01-31\"}, \"expiresAt\":"
                + " \"2026-12-31\", \"not_before\": \"2026-01-01\", \"valid_from\": \"2026-02-01\"");
    assertThat(row.expiresAt()).isEqualTo("2026-12-31T00:00:00Z");
    assertThat(row.notBefore()).isEqualTo("2026-02-01T00:00:00Z");
    assertThat(row("\"exp\": {\"$date\": \"2027-01-31\"}").expiresAt())
        .isEqualTo("2027-01-31T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Nobody knows what it says.
        "\"frobnicate\": true",
        "\"restricted_to\": \"chat\"",
        "\"scopes\": [\"read\"]",
        "\"permissions\": {\"chat\": \"read\"}",
        "\"role\": \"readonly\"",
        "\"methods\": [\"GET\"]",
        "\"allowed_origins\": [\"https://a\"]",
        "\"expires_in\": 3600",
        "\"ttl\": 60",
        // It says something that is not on or off.
        "\"enabled\": {}",
        "\"enabled\": {\"from\": \"2025-01-01\"}",
        "\"enabled\": {\"chat\": true, \"tts\": false}",
        "\"enabled\": [true]",
        "\"enabled\": null",
        "\"enabled\": \"perhaps\"",
        "\"enabled\": \"\"",
        "\"active\": 2",
        "\"status\": null",
        "\"status\": \"limbo\"",
        "\"status\": {\"code\": 3}",
        "\"status\": {\"active\": true, \"why\": \"x\"}",
        "\"status\": [\"active\"]",
        "\"disabled\": {\"since\": \"2025-01-01\"}",
        "\"revoked\": \"2025-01-01\"",
        "\"revoked_at\": \"last week\"",
        // It says a time that is none.
        "\"expires\": {}",
        "\"expires\": {\"in\": \"3d\"}",
        "\"expires\": {\"at\": \"2027-01-31\", \"zone\": \"x\"}",
        "\"expires\": [\"2027-01-31\"]",
        "\"expires\": true",
        "\"expires\": 0",
        "\"expires\": -1",
        "\"expires\": \"next week\"",
        "\"not_before\": \"soon\"",
        // It says names that are none.
        "\"service\": {}",
        "\"service\": []",
        "\"service\": true",
        "\"service\": 7",
        "\"service\": \",\"",
        "\"service\": \"none\"",
        "\"service\": \"chat,*\"",
        "\"service\": {\"chat\": false}",
        "\"service\": {\"chat\": \"read\"}",
        "\"service\": {\"chat\": {\"enabled\": true}}",
        "\"services\": [{\"name\": \"chat\", \"scope\": \"read\"}]",
        "\"services\": [{\"enabled\": true}]",
        "\"services\": [\"chat\", null]",
        "\"services\": [[\"chat\"]]",
        "\"services\": [{\"name\": \"chat\", \"enabled\": false}]",
        "\"services\": [\"*\"], \"service\": \"chat\"",
        "\"service\": \"chat\", \"allowed_services\": [\"chat\", \"tts\"]",
        "\"allowed_ips\": {\"cidr\": \"10.0.0.0/8\"}",
        "\"allowed_ips\": []",
        "\"allowed_ips\": [\"10.0.0.0/8\"], \"ip_whitelist\": [\"0.0.0.0/0\"]",
        "\"denied_models\": \"*\"",
        "\"iamRules\": \"not json\"",
        "\"iamRules\": {\"allow\": [\"a\"]}",
        // It says two things at once.
        "\"enabled\": false, \"enabled\": true",
        "\"service\": \"chat\", \"service\": \"*\"",
      })
  void what_is_not_understood_refuses_its_row_and_is_named(String fields) {
    KeyFileContent content = map(fields);
    assertThat(content.rows()).as(fields).isEmpty();
    assertThat(content.refused()).as(fields).hasSize(1);
    String name = fields.replaceAll("^\"([^\"]+)\".*", "$1");
    String last = fields.replaceAll(".*, \"([a-zA-Z_]+)\": .*", "$1");
    assertThat(content.refused().getFirst().reason())
        .as(fields)
        .matches(
            reason -> reason.contains(name) || reason.contains(last) || reason.contains("twice"));
    assertThat(content.refused().toString()).doesNotContain(KEY);
  }

  @Test
  void rules_of_the_other_gateway_are_read_as_text_too() {
    String rule =
        "[{\\\"ruleType\\\":\\\"allow_models\\\",\\\"ruleValue\\\":{\\\"models\\\":[\\\"a\\\"]},"
            + "\\\"status\\\":\\\"active\\\"}]";
    KeyFileContent content = list("\"iam_rules\": \"%s\"".formatted(rule));
    assertThat(content.refused()).isEmpty();
    assertThat(content.rows().getFirst().rules())
        .containsExactly(new RuleText("allow", "models", List.of("a")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"iamRules\": \"allow_models\"",
        "\"iamRules\": \"[{\\\"ruleType\\\":\"",
        "\"iamRules\": [\"allow_models\"]",
        "\"iamRules\": [{\"ruleType\": \"allow_models\"}]",
        "\"iamRules\": [{\"ruleType\": \"allow_models\", \"ruleValue\": {\"models\": []}}]",
        "\"iamRules\": [{\"ruleType\": \"allow_models\", \"ruleValue\": {\"models\": \"*\"}}]",
        "\"iamRules\": [{\"ruleType\": \"allow_models\", \"ruleValue\": {\"model\": [\"a\"]}}]",
        "\"iamRules\": [{\"ruleType\": \"allow_models\", \"ruleValue\": {\"models\": [\"a\"], \"x\": 1}}]",
        "\"iamRules\": [{\"ruleType\": \"allow_models\", \"ruleValue\": {\"models\": [\"a\"]}, \"if\": 1}]",
        "\"iamRules\": [{\"ruleType\": \"allow_models\", \"ruleValue\": {\"models\": [\"a\"]}, \"status\": \"limbo\"}]",
        "\"iamRules\": [{\"ruleType\": \"allow_pricing\", \"ruleValue\": {\"pricingType\": \"free\"}}]",
        "\"iamRules\": [{\"ruleType\": \"allowmodels\", \"ruleValue\": {\"models\": [\"a\"]}}]",
        "\"modelScope\": \"cheap\"",
      })
  void a_rule_that_cannot_be_kept_refuses_its_row(String fields) {
    KeyFileContent content = list(fields);
    assertThat(content.rows()).as(fields).isEmpty();
    assertThat(content.refused()).as(fields).hasSize(1);
  }

  @Test
  void what_narrows_nothing_is_no_reason_to_refuse() {
    ImportRow row =
        row(
            "\"id\": 7, \"frobnicate\": null, \"usage_count\": 12, \"last_used_at\": \"x\", \"notes\":"
                + " \"\", \"metadata\": {\"a\": 1}, \"services\": \"all\", \"models\": null");
    assertThat(row.services()).isNull();
    assertThat(row.rules()).isNull();
    assertThat(row.enabled()).isNull();
  }
}
