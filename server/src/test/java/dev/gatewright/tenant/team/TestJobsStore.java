package dev.gatewright.tenant.team;

import dev.gatewright.store.Database;
import java.util.List;
import java.util.stream.Stream;

/// What rows show of invitations and their mails.
final class TestJobsStore {
  private TestJobsStore() {}

  static List<String> rows(Database database) {
    return database.read(handle ->
        Stream.of("SELECT * FROM job", "SELECT token_mac, role, state FROM invitation")
            .flatMap(sql -> handle.createQuery(sql).mapToMap().stream())
            .map(Object::toString)
            .toList());
  }
}
