package dev.gatewright.webhook;

import dev.gatewright.store.Database;
import java.util.List;

/// A webhook that hears everything, for tests of who tells.
public final class TestWebhooks {
  private TestWebhooks() {}

  /// An organization's first webhook.
  public static void listen(Database database, String organizationId) {
    database.write(handle -> {
      WebhookStore.insert(handle, HappeningsTest.webhook(organizationId, "whk_all", "*"));
      return 0;
    });
  }

  /// `kind object` of everything that waits to be told to it, in order.
  public static List<String> told(Database database, String organizationId) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT kind, object_id FROM webhook_delivery
                WHERE organization_id = ? AND webhook_id = 'whk_all' ORDER BY kind, id\
                """)
            .bind(0, organizationId)
            .map((row, _) -> row.getString(1) + ' ' + row.getString(2))
            .list());
  }
}
