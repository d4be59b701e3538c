package dev.gatewright.key.migration.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Files of other gates, as they are found in the wild.
class KeyFileTest {
  private static KeyFileContent read(String text) {
    KeyFile.Read read = KeyFile.read(text, null);
    assertThat(read).as(read.toString()).isInstanceOf(KeyFile.Read.Good.class);
    return ((KeyFile.Read.Good) read).content();
  }

  private static String unreadable(String text) {
    return ((KeyFile.Read.Unreadable) KeyFile.read(text, null)).message();
  }

  @Test
  void reads_the_store_of_a_flask_gate_in_both_its_forms() {
    KeyFileContent content =
        read(
            """
            {
              "key-one-of-ada": {"user": "ada", "service": "chat", "description": "phone",
                "created": "2025-06-01T12:00:00.123456", "expires": null, "enabled": true},
              "key-two-of-bob": {"user": "bob", "service": "Chat, TTS", "expires": "2027-01-31",
                "enabled": false, "rate_limit": 5},
              "key-three-simple": "eve",
              "key-four-epoch": {"user": "zoe", "service": "*", "created": 1750000000},
              "key-five-wrong": {"user": "zoe", "expires": "next week"},
              "key-six-wrong": 7,
              "key-three-simple": "mallory"
            }
            """);
    assertThat(content.format()).isEqualTo(KeyFileFormat.JSON_MAP);
    assertThat(content.rows())
        .extracting(ImportRow::line, ImportRow::user, ImportRow::services, ImportRow::enabled)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(2, "ada", java.util.List.of("chat"), true),
            org.assertj.core.groups.Tuple.tuple(4, "bob", java.util.List.of("chat", "tts"), false),
            org.assertj.core.groups.Tuple.tuple(6, "eve", null, null),
            org.assertj.core.groups.Tuple.tuple(7, "zoe", null, null));
    assertThat(content.rows().get(0).createdAt()).isEqualTo("2025-06-01T12:00:00.123456Z");
    assertThat(content.rows().get(0).name()).isEqualTo("phone");
    assertThat(content.rows().get(1).expiresAt()).isEqualTo("2027-01-31T00:00:00Z");
    assertThat(content.rows().get(3).createdAt()).isEqualTo("2025-06-15T15:06:40Z");
    assertThat(content.refused()).extracting(row -> row.line()).containsExactly(8, 9, 10);
    assertThat(content.leftOut()).containsExactly("rate_limit");
    assertThat(content.refused().toString()).doesNotContain("key-f", "key-s", "key-t", "next week");
  }

  @Test
  void a_wrapped_map_is_read_like_a_bare_one() {
    assertThat(read("{\"keys\": {\"abcdefgh\": \"ada\"}}").rows())
        .singleElement()
        .satisfies(row -> assertThat(row.user()).isEqualTo("ada"));
  }

  @Test
  void reads_the_list_of_another_llm_gateway() {
    KeyFileContent content =
        read(
            """
            {"apiKeys": [
              {"id": "a", "token": "llmgtwy_one", "description": "app", "status": "active",
               "usageLimit": "5", "usage": "1.2", "expiresAt": "2027-01-31T10:00:00.000Z",
               "creator": {"name": "Ada", "email": "ada@example.org"},
               "iamRules": [{"ruleType": "allow_models", "ruleValue": {"models": ["a", "b"]},
                             "status": "active"},
                            {"ruleType": "deny_ip_cidrs", "ruleValue": {"ipCidrs": ["10.0.0.0/8"]},
                             "status": "active"}]},
              {"token": "llmgtwy_two", "status": "inactive", "createdBy": "u1"},
              {"token": "llmgtwy_three", "status": "deleted"},
              {"maskedToken": "llmgtwy_•••", "tokenHash": "aa", "status": "active"},
              {"token": "sk_live_x", "keyType": "platform_secret"},
              {"token": "llmgtwy_four", "iamRules": [{"ruleType": "allow_pricing",
               "ruleValue": {"pricingType": "free"}, "status": "active"}]},
              {"sha256": "0000000000000000000000000000000000000000000000000000000000000001"}
            ]}
            """);
    assertThat(content.format()).isEqualTo(KeyFileFormat.LLMGATEWAY);
    assertThat(content.rows()).hasSize(3);
    ImportRow one = content.rows().getFirst();
    assertThat(one.user()).isEqualTo("ada@example.org");
    assertThat(one.expiresAt()).isEqualTo("2027-01-31T10:00:00Z");
    assertThat(one.rules())
        .containsExactly(
            new dev.gatewright.policy.RuleText("allow", "models", java.util.List.of("a", "b")),
            new dev.gatewright.policy.RuleText("deny", "ip", java.util.List.of("10.0.0.0/8")));
    assertThat(content.rows().get(1).enabled()).isFalse();
    assertThat(content.refused())
        .extracting(row -> row.reason().replaceAll("[ :].*", ""))
        .containsExactly("deleted", "its", "keyType", "a");
    assertThat(content.leftOut()).containsExactly("usageLimit");
  }

  @Test
  void reads_csv_with_quotes_and_finds_rows_at_fault() {
    KeyFileContent content =
        read(
            """
            key,name,user,services,enabled,expires\r
            abcdefgh1,"the ""big"" one, really",ada,chat tts,true,\r
            abcdefgh2,,bob,,no,2027-01-31 10:00:00+02\r
            abcdefgh3,x\r
            ,n,u,,,\r
            """);
    assertThat(content.format()).isEqualTo(KeyFileFormat.CSV);
    assertThat(content.rows()).hasSize(2);
    assertThat(content.rows().get(0).name()).isEqualTo("the \"big\" one, really");
    assertThat(content.rows().get(0).services()).containsExactly("chat", "tts");
    assertThat(content.rows().get(1).expiresAt()).isEqualTo("2027-01-31T08:00:00Z");
    assertThat(content.rows().get(1).enabled()).isFalse();
    assertThat(content.refused()).extracting(row -> row.line()).containsExactly(4, 5);
  }

  @Test
  void says_what_is_wrong_without_a_word_of_the_content() {
    assertThat(unreadable("{\"secret-key\": {\"user\": \"a\"}")).doesNotContain("secret");
    assertThat(unreadable("{\"secret-key\": secret}")).contains("line 1").doesNotContain("secret");
    assertThat(unreadable("secret,words\n1,2")).contains("--format").doesNotContain("secret");
    assertThat(unreadable("key,secret\n1,2")).contains("column").doesNotContain("secret");
    assertThat(unreadable("")).isNotEmpty();
    assertThat(unreadable("{\"format\":\"gatewright-keys\",\"version\":2}")).contains("version");
  }

  @Test
  void no_mutation_of_a_file_breaks_the_reader() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String[] files = {
      "{\"key-one-of-ada\": {\"user\": \"ada\", \"service\": [\"chat\"], \"expires\": 1}}",
      "[{\"token\": \"llmgtwy_one\", \"iamRules\": [{\"ruleType\": \"allow_models\"}]}]",
      "key,name\n\"a\"\"b\",c\n",
      "{\"format\":\"gatewright-keys\",\"version\":1,\"keys\":[{\"id\":1}]}"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(files[random.nextInt(files.length)]);
      for (int edits = 1 + random.nextInt(4); edits > 0 && !text.isEmpty(); edits--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.deleteCharAt(at);
        } else {
          text.setCharAt(at, "{}[]\",:\\\n 0x".charAt(random.nextInt(12)));
        }
      }
      KeyFileFormat wanted =
          random.nextBoolean() ? null : List.of(KeyFileFormat.values()).get(random.nextInt(4));
      assertThat(KeyFile.read(text.toString(), wanted)).isNotNull();
    }
  }
}
