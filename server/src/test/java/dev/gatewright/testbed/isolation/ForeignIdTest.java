package dev.gatewright.testbed.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.ChildGate;
import dev.gatewright.testbed.FakeProvider;
import dev.gatewright.testbed.GateSetup;
import dev.gatewright.testbed.TestPerson;
import dev.gatewright.testbed.TwoTimes;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That an id is another tenant's shows neither in the bytes of an answer ([IsolationMatrixTest]
/// asks every operation) nor in its time.
class ForeignIdTest {
  @TempDir private Path folder;

  @Test
  void foreign_id_equals_random_id() throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate = ChildGate.start(GateSetup.usual(folder, provider))) {
      TwoTenants world = new TwoTenants(gate, folder.resolve("data/gatewright.db"));
      TestPerson other = world.neighbourPerson();
      Things theirs = world.things();
      Random random = new Random(7);
      for (String target :
          new String[] {
            "/api/keys/<key>",
            "/api/projects/<project>",
            "/api/policy/rules/<rule>",
            "/api/team/invitations/<invitation>"
          }) {
        boolean tells =
            TwoTimes.tell(
                120,
                (foreign, _) -> {
                  // Another one each time: nothing remembers that it is not there.
                  String path = (foreign ? theirs : theirs.strangers(random)).in(target);
                  long begin = System.nanoTime();
                  int status = other.send("GET", path, "").statusCode();
                  long nanos = System.nanoTime() - begin;
                  assertThat(status).as(path).isEqualTo(404);
                  return nanos;
                },
                () -> {});
        assertThat(tells).as(target).isFalse();
      }
    }
  }
}
