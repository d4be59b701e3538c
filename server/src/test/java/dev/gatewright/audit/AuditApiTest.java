package dev.gatewright.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.key.change.KeyStack;
import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.ArrayList;
import java.util.List;

/// GET /api/audit, GET /api/audit/anchor, POST /api/audit/verify
class AuditApiTest {
  @EachDatabase
  void lists_who_did_what_from_where_filtered_and_in_pages(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String id = stack.post("/api/keys", "{\"name\":\"a\"}").text("/id");
      stack.post("/api/keys/" + id + "/disable", "{}");
      stack.post("/api/keys/" + id + "/enable", "{}");
      stack.call(stack.local, "PATCH", "/api/keys/" + id, "{\"name\":\"b\"}");
      Answer about = stack.get("/api/audit?object=" + id);
      assertThat(actions(about))
          .containsExactly("key.edit", "key.enable", "key.disable", "key.create");
      JsonNode edit = about.body().at("/data/0");
      assertThat(edit.path("actor").asText()).isEqualTo("local");
      assertThat(edit.path("actor_kind").asText()).isEqualTo("local");
      assertThat(edit.path("address").asText()).isEqualTo("10.1.2.3");
      assertThat(edit.path("request_id").asText()).startsWith("req_");
      assertThat(edit.path("via").isNull()).isTrue();
      assertThat(edit.path("outcome").asText()).isEqualTo("ok");
      assertThat(edit.at("/detail/before/name").asText()).isEqualTo("a");
      assertThat(edit.at("/detail/after/name").asText()).isEqualTo("b");
      assertThat(actions(stack.get("/api/audit?action=key.disable")))
          .containsExactly("key.disable");
      assertThat(actions(stack.get("/api/audit?actor=system")))
          .containsExactly("organization.create");
      assertThat(actions(stack.get("/api/audit?from=2999-01-01T00:00:00Z"))).isEmpty();
      assertThat(actions(stack.get("/api/audit?to=2001-01-01T00:00:00Z"))).isEmpty();
      List<String> all = new ArrayList<>();
      String cursor = "";
      do {
        Answer page = stack.get("/api/audit?limit=2" + cursor);
        all.addAll(actions(page));
        cursor =
            page.body().path("next_cursor").isNull() ? "" : "&cursor=" + page.text("/next_cursor");
      } while (!cursor.isEmpty());
      assertThat(all)
          .containsExactly(
              "key.edit", "key.enable", "key.disable", "key.create", "organization.create");
      for (String wrong : List.of("from=yesterday", "limit=201", "who=me", "limit=0")) {
        assertThat(stack.get("/api/audit?" + wrong).status()).as(wrong).isEqualTo(422);
      }
      assertThat(stack.get("/api/audit?cursor=zz").status()).isEqualTo(400);
    }
  }

  @EachDatabase
  void is_for_admin_keys_with_the_organizations_whole_power(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String narrow =
          stack
              .post("/api/keys", "{\"name\":\"n\",\"kind\":\"admin\",\"models\":[\"a\"]}")
              .text("/key");
      String live = stack.post("/api/keys", "{\"name\":\"l\"}").text("/key");
      for (String key : List.of(narrow, live)) {
        assertThat(stack.call(key, "GET", "/api/audit", "").status()).isEqualTo(403);
        assertThat(stack.call(key, "GET", "/api/audit/anchor", "").status()).isEqualTo(403);
        assertThat(stack.call(key, "POST", "/api/audit/verify", "{}").status()).isEqualTo(403);
        assertThat(stack.call(key, "GET", "/api/audit/export", "").status()).isEqualTo(403);
      }
      Answer other = stack.call(stack.otherAdmin(), "GET", "/api/audit", "");
      assertThat(actions(other)).containsExactly("key.create");
    }
  }

  @EachDatabase
  void an_anchor_shows_what_was_cut_off_together_with_the_head(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      for (int i = 0; i < 4; i++) {
        stack.post("/api/keys", "{\"name\":\"a" + i + "\"}");
      }
      JsonNode early = stack.get("/api/audit/anchor").body();
      stack.post("/api/keys", "{\"name\":\"last\"}");
      JsonNode late = stack.get("/api/audit/anchor").body();
      assertThat(verify(stack, early, late).at("/intact").asBoolean()).isTrue();
      database.write(handle -> {
        handle.execute("DELETE FROM audit_entry WHERE seq = 6");
        return handle.execute(
            "UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit_entry WHERE seq = 5)");
      });
      assertThat(verify(stack).at("/intact").asBoolean()).isTrue();
      assertThat(verify(stack, early).at("/intact").asBoolean()).isTrue();
      JsonNode cut = verify(stack, early, late);
      assertThat(cut.at("/intact").asBoolean()).isFalse();
      assertThat(cut.at("/broken_at").asLong()).isEqualTo(6);
      // Another link in its place is not the one that was anchored.
      stack.post("/api/keys", "{\"name\":\"instead\"}");
      assertThat(verify(stack, late).at("/broken_at").asLong()).isEqualTo(6);
    }
  }

  @EachDatabase
  void an_export_beyond_the_end_is_refused_and_remembered(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      stack.post("/api/keys", "{\"name\":\"a\"}");
      assertThat(stack.get("/api/audit/export?from=99").status()).isEqualTo(422);
      assertThat(stack.get("/api/audit/export?from=2&to=1").status()).isEqualTo(422);
      for (String wrong : List.of("from=0", "from=-1", "to=x", "from=99999999999", "cursor=a")) {
        assertThat(stack.get("/api/audit/export?" + wrong).status()).as(wrong).isEqualTo(422);
      }
      assertThat(actions(stack.get("/api/audit?action=audit.export"))).hasSize(2);
    }
  }

  @EachDatabase
  void an_anchor_that_is_not_ours_counts_against_the_chain(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      stack.post("/api/keys", "{\"name\":\"a\"}");
      JsonNode anchor = stack.get("/api/audit/anchor").body();
      for (String field :
          List.of("seq", "hash", "at", "public_key", "signature", "organization_id")) {
        var forged = (com.fasterxml.jackson.databind.node.ObjectNode) anchor.deepCopy();
        if (field.equals("seq")) {
          forged.put("seq", 1);
        } else {
          forged.put(field, "x");
        }
        assertThat(verify(stack, forged).at("/intact").asBoolean()).as(field).isFalse();
      }
      assertThat(stack.post("/api/audit/verify", "{\"anchors\":[null]}").status()).isEqualTo(422);
      assertThat(stack.post("/api/audit/verify", "{\"anchors\":[{\"x\":1}]}").status())
          .isEqualTo(422);
    }
  }

  private static JsonNode verify(KeyStack stack, JsonNode... anchors) {
    String body = "{\"anchors\":" + List.of(anchors) + "}";
    Answer answer = stack.post("/api/audit/verify", body);
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private static List<String> actions(Answer page) {
    assertThat(page.status()).isEqualTo(200);
    List<String> actions = new ArrayList<>();
    page.body().path("data").forEach(entry -> actions.add(entry.path("action").asText()));
    return actions;
  }
}
