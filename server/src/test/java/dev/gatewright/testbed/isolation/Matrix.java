package dev.gatewright.testbed.isolation;

import dev.gatewright.testbed.TestPerson;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Asks every operation by everybody for what is another tenant's, and says what went wrong.
final class Matrix {
  /// Ends what the asking itself needs.
  private static final List<String> LEFT_OUT =
      List.of(
          "DELETE /api/auth/session",
          "POST /api/auth/oidc/sign-out",
          "DELETE /api/auth/sessions",
          "DELETE /api/auth/sessions/{id}");

  private final TwoTenants world;
  private final StoreDump store;
  private final Things things;
  private final Things strangers;
  private final List<String> faults = new ArrayList<>();

  Matrix(TwoTenants world, StoreDump store, Random random) {
    this.world = world;
    this.store = store;
    this.things = world.things();
    this.strangers = things.strangers(random);
  }

  /// What was read, written or made known.
  ///
  /// @param neighbour another tenant's owner
  /// @param enough stops after so many faults
  List<String> faults(TestPerson neighbour, List<Foreigner> foreigners, int enough)
      throws IOException, InterruptedException, SQLException {
    Map<String, List<String>> before = store.of(things.id("organization"));
    for (Asked asked : world.operations()) {
      if (!LEFT_OUT.contains(asked.name())) {
        List<Rows.Row> rows = Rows.of(asked, things);
        List<Rows.Row> unknown = Rows.of(asked, strangers);
        for (Foreigner foreigner : foreigners) {
          for (int i = 0; i < rows.size() && faults.size() < enough; i++) {
            ask(asked, foreigner, rows.get(i), unknown.get(i));
          }
        }
      }
    }
    if (faults.size() < enough) {
      faults.addAll(new OwnLife(world, neighbour, strangers).faults());
    }
    Map<String, List<String>> after = store.of(things.id("organization"));
    before.forEach((table, rows) -> {
      if (!rows.equals(after.get(table))) {
        faults.add("written: %s%n  %s%n  %s".formatted(table, rows, after.get(table)));
      }
    });
    return faults;
  }

  private void ask(Asked asked, Foreigner foreigner, Rows.Row row, Rows.Row unknown)
      throws IOException, InterruptedException {
    boolean skipped =
        foreigner.who() == Foreigner.Who.MEMBER
            // What members of each role may read is the permissions' own test.
            ? !asked.changes()
            : foreigner.who() == Foreigner.Who.OPERATOR && asked.operators();
    if (skipped) {
      return;
    }
    HttpResponse<String> answer = sent(foreigner, row);
    String what =
        "%s by %s: %d".formatted(row.shown(asked.name()), foreigner.name(), answer.statusCode());
    if (answer.statusCode() == 500) {
      faults.add("failed: " + what + " " + answer.body());
    }
    if (foreigner.who() == Foreigner.Who.MEMBER) {
      return;
    }
    if (things.standIn(answer.body()) && !echoed(row, answer)) {
      faults.add("read: " + what + " " + answer.body());
    }
    if (!row.about()) {
      return;
    }
    HttpResponse<String> other = sent(foreigner, unknown);
    boolean limited = answer.statusCode() == 429 || other.statusCode() == 429;
    boolean same =
        answer.statusCode() == other.statusCode()
            && things.without(answer.body()).equals(strangers.without(other.body()));
    if (!limited && !same) {
      faults.add(
          "known: %s %s%n  but for an id that is not there: %d %s"
              .formatted(what, answer.body(), other.statusCode(), other.body()));
    }
  }

  private static HttpResponse<String> sent(Foreigner foreigner, Rows.Row row)
      throws IOException, InterruptedException {
    return foreigner
        .sender()
        .send(row.method(), row.target(), row.body(), row.headers().toArray(String[]::new));
  }

  /// A refusal may repeat what was sent.
  private static boolean echoed(Rows.Row row, HttpResponse<String> answer) {
    return answer.statusCode() >= 400 && row.about();
  }
}
