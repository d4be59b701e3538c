package dev.gatewright.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.io.IOException;
import java.util.List;

/// What is told, to whom, and that it is told exactly if the change is made.
class HappeningsTest {
  private static final long NOW = 1_795_000_000_000L;

  static Webhook webhook(String organization, String id, String... events) {
    return new Webhook(
        organization,
        id,
        "https://receiver.example/hook",
        "",
        List.of(events),
        "",
        "",
        0,
        Webhook.State.ENABLED,
        0,
        "local",
        NOW,
        1);
  }

  private static int told(Database database, String kind, ObjectNode data) {
    return database.write(handle -> {
      int before = OutboxStore.due(handle, NOW, List.of(), 1_000).size();
      Happenings.tell(handle, "org_a", kind, "key_1", data, NOW);
      return OutboxStore.due(handle, NOW, List.of(), 1_000).size() - before;
    });
  }

  @EachDatabase
  void each_webhook_hears_what_it_wants_of_its_own_organization(Database database) {
    database.write(handle -> {
      WebhookStore.insert(handle, webhook("org_a", "whk_all", "*"));
      WebhookStore.insert(handle, webhook("org_a", "whk_keys", "key"));
      WebhookStore.insert(handle, webhook("org_a", "whk_one", "key.revoke", "balance"));
      WebhookStore.insert(handle, webhook("org_b", "whk_other", "*"));
      return 0;
    });
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("x", 1);
    assertThat(told(database, "key.create", data)).isEqualTo(2);
    assertThat(told(database, "key.revoke", data)).isEqualTo(3);
    assertThat(told(database, "balance.low", data)).isEqualTo(2);
    assertThat(told(database, "room.create", data)).isEqualTo(1);
    List<Delivery> theirs =
        database.read(handle -> OutboxStore.deliveries(handle, "org_b", "whk_other", null, 10));
    assertThat(theirs).isEmpty();
  }

  @EachDatabase
  void what_is_undone_is_not_told(Database database) {
    database.write(handle -> {
      WebhookStore.insert(handle, webhook("org_a", "whk_all", "*"));
      return 0;
    });
    assertThatThrownBy(() ->
            database.write(handle -> {
              Happenings.tell(
                  handle,
                  "org_a",
                  "key.create",
                  "key_1",
                  JsonNodeFactory.instance.objectNode(),
                  NOW);
              throw new IllegalStateException("undone");
            }))
        .hasMessageContaining("undone");
    List<Delivery> left = database.read(handle -> OutboxStore.due(handle, NOW, List.of(), 10));
    assertThat(left).isEmpty();
  }

  @EachDatabase
  void data_is_bounded_and_so_is_what_waits(Database database) throws IOException {
    database.write(handle -> {
      WebhookStore.insert(handle, webhook("org_a", "whk_all", "*"));
      return 0;
    });
    ObjectNode large = JsonNodeFactory.instance.objectNode();
    large.put("x", "y".repeat(Happenings.DATA_BYTES_MAX));
    assertThat(told(database, "key.create", large)).isEqualTo(1);
    String body =
        database.read(handle -> {
          Delivery first = OutboxStore.due(handle, NOW, List.of(), 1).getFirst();
          return OutboxStore.body(handle, "org_a", first.eventId()).orElseThrow();
        });
    assertThat(new ObjectMapper().readTree(body).path("cut").asBoolean()).isTrue();
    assertThat(body).contains("\"type\":\"key.create\"", "\"data\":{}").hasSizeLessThan(500);
    List<String> wanting =
        database.read(handle -> OutboxStore.wanting(handle, "org_a", "key.create", 1));
    assertThat(wanting).isEmpty();
  }
}
