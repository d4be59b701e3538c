package dev.gatewright.testbed.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.ChildGate;
import dev.gatewright.testbed.FakeProvider;
import dev.gatewright.testbed.Gate;
import dev.gatewright.testbed.GateSetup;
import dev.gatewright.testbed.TestPerson;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// To a developer, what stands in a project that was not granted does not exist: every operation of
/// the document that can name such a thing, and every list, by somebody of the same tenant.
class OtherProjectTest {
  private static final List<String> INSIDE =
      List.of("project", "key", "rule", "limit", "credential");

  /// What a developer may do everywhere, whoever it is about.
  private static final List<String> LISTS =
      List.of(
          "/api/projects?limit=200",
          "/api/keys?limit=200",
          "/api/policy/rules",
          "/api/limits",
          "/api/credentials",
          "/api/team/members",
          "/api/audit",
          "/api/usage?by=project",
          "/api/usage?by=key",
          "/api/usage/series?group=key",
          "/api/usage/events",
          "/api/usage/attempts");

  @TempDir private Path folder;

  @Test
  void what_stands_in_another_project_does_not_exist() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    try (FakeProvider provider = FakeProvider.start();
        Gate gate = ChildGate.start(GateSetup.usual(folder, provider))) {
      TwoTenants world = new TwoTenants(gate, folder.resolve("data/gatewright.db"));
      Things inside = world.ofOneProject();
      Things unknown = inside.strangers(new Random(seed));
      TestPerson developer = world.developerElsewhere();
      List<String> faults = new ArrayList<>();
      int asked = 0;
      for (Asked operation : world.operations()) {
        List<Rows.Row> rows = Rows.naming(INSIDE, operation, inside);
        List<Rows.Row> nobodys = Rows.naming(INSIDE, operation, unknown);
        for (int i = 0; i < rows.size(); i++) {
          HttpResponse<String> answer = sent(developer, rows.get(i));
          HttpResponse<String> other = sent(developer, nobodys.get(i));
          asked++;
          if (answer.statusCode() != other.statusCode()
              || !inside.without(answer.body()).equals(unknown.without(other.body()))) {
            faults.add(
                "%s: %d %s%n  but for an id that is not there: %d %s"
                    .formatted(
                        operation.name(),
                        answer.statusCode(),
                        answer.body(),
                        other.statusCode(),
                        other.body()));
          }
        }
      }
      for (String list : LISTS) {
        HttpResponse<String> answer = developer.send("GET", list, "");
        INSIDE.stream()
            .map(inside::id)
            .filter(id -> answer.body().contains(id))
            .forEach(id -> faults.add("GET %s tells of %s".formatted(list, id)));
      }
      assertThat(faults).isEmpty();
      assertThat(asked).as("operations that can name such a thing").isGreaterThan(20);
    }
  }

  private static HttpResponse<String> sent(TestPerson developer, Rows.Row row) throws Exception {
    return developer.send(
        row.method(), row.target(), row.body(), row.headers().toArray(String[]::new));
  }
}
