package dev.gatewright.key.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;

/// What a key would reach, before it is made.
class KeyPreviewTest {
  private static Answer preview(KeyStack stack, String fields) {
    return stack.post("/api/keys/preview", "{\"name\":\"k\"%s}".formatted(fields));
  }

  @EachDatabase
  void a_key_without_rules_reaches_everything_and_none_is_made(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer whole = preview(stack, "");
      assertThat(whole.status()).isEqualTo(200);
      assertThat(whole.body().at("/models").toString()).isEqualTo("[\"fast\",\"slow\"]");
      assertThat(whole.body().at("/providers")).hasSize(2);
      assertThat(whole.body().at("/services")).hasSize(2);
      assertThat(whole.body().at("/rooms")).hasSize(1);
      assertThat(stack.get("/api/keys").body().at("/data")).isEmpty();
    }
  }

  @EachDatabase
  void rules_narrow_and_whole_names_beyond_the_mapping_count(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer narrow =
          preview(
              stack,
              ",\"models\":[\"openai/gpt-5\",\"fast\"],\"services\":[\"tts\"],\"rooms\":[\"none\"]");
      assertThat(narrow.body().at("/models").toString()).isEqualTo("[\"fast\",\"openai/gpt-5\"]");
      assertThat(narrow.body().at("/providers")).isEmpty();
      assertThat(narrow.body().at("/services").toString()).isEqualTo("[\"tts\"]");
      assertThat(narrow.body().at("/rooms")).isEmpty();
      assertThat(preview(stack, ",\"models\":[\"openai/*\"]").body().at("/providers").toString())
          .isEqualTo("[\"openai\"]");
      Answer test = preview(stack, ",\"kind\":\"test\"");
      assertThat(test.body().at("/services")).isEmpty();
      assertThat(test.body().at("/models").toString())
          .isEqualTo("[\"fast\",\"sim/echo\",\"slow\"]");
    }
  }

  @EachDatabase
  void a_key_that_would_reach_nothing_is_said_to(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer nothing =
          preview(stack, ",\"providers\":[\"none\"],\"services\":[\"none\"],\"rooms\":[\"none\"]");
      assertThat(nothing.status()).isEqualTo(422);
      assertThat(nothing.text("/error/code")).isEqualTo("no_access");
      assertThat(preview(stack, ",\"project_id\":\"prj_none\"").text("/error/param"))
          .isEqualTo("/project_id");
    }
  }
}
