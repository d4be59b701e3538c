package dev.gatewright.tenant.purge;

import dev.gatewright.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where an organization has rows.
final class TestRowsStore {
  private TestRowsStore() {}

  static List<String> tablesWithRows(Database database, String organizationId) {
    return database.read(handle -> {
      List<String> found = new ArrayList<>();
      Stream<String> purged = PurgeStore.tables(handle).stream().map(PurgeStore.Table::name);
      Stream.concat(purged, Stream.of("audit_entry", "audit_head", "change", "data_key", "project"))
          .sorted()
          .filter(table ->
              handle
                  .createQuery("SELECT 1 FROM <table> WHERE organization_id = :id LIMIT 1")
                  .define("table", table)
                  .bind("id", organizationId)
                  .mapTo(Long.class)
                  .findOne()
                  .isPresent())
          .forEach(found::add);
      return found;
    });
  }
}
