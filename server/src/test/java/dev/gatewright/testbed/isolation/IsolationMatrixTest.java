package dev.gatewright.testbed.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.store.Database;
import dev.gatewright.testbed.ChildGate;
import dev.gatewright.testbed.FakeIssuer;
import dev.gatewright.testbed.FakeProvider;
import dev.gatewright.testbed.GateSetup;
import dev.gatewright.testbed.TestPerson;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every operation of the served document, by everybody to whom a tenant's things do not exist,
/// with ids that do: nothing is read, nothing is written, and nothing tells that the ids exist. And
/// the other way round: a store that forgets whose a row is, anywhere, is found out.
class IsolationMatrixTest {
  /// Stores and what tells the statement: those by which things are found and listed. Most others
  /// look a second time at what one of these has found, and nothing shows when they forget: those
  /// are [StatementIsolationTest]'s.
  private static final String[][] FORGETFUL = {
    {"KeyStore", "FROM api_key WHERE id = :id AND organization_id = :organizationId"},
    {"ProjectStore", "FROM project WHERE organization_id = :organizationId AND id = :id AND"},
    {"ProjectStore", "AND id > :after"},
    {"InvitationStore", "FROM invitation WHERE organization_id = :organizationId AND id = :id"},
    {"InvitationStore", "FROM invitation WHERE organization_id = :organizationId AND state = :st"},
    {"RuleStore", "FROM rule WHERE id = :id AND organization_id = :organizationId"},
    {"AuditStore", "ORDER BY seq DESC LIMIT :max"},
    {"CredentialStore", "FROM credential WHERE organization_id = :organization AND id = :id"},
    {
      "TeamStore",
      "FROM membership m JOIN person p ON p.id = m.person_id WHERE m.organization_id = :organizationId AND m.person_id = :personId"
    },
    {"UsageStore", "FROM usage_attempt WHERE organization_id = :organization AND id < :before"},
  };

  /// The first is where the tests' own people are.
  private static final String SITES =
      """
      trusted-proxies: [127.0.0.1]
      sites:
        - { host: 127.0.0.1, public-url: "http://127.0.0.1" }
        - { host: one.example }
        - { host: api.example, api-only: true }
      """;

  @TempDir private Path folder;

  @Test
  void another_tenants_things_are_neither_read_nor_written_nor_known() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    try (FakeProvider provider = FakeProvider.start();
        FakeIssuer issuer = FakeIssuer.start();
        FakeIssuer stranger = FakeIssuer.start();
        ChildGate gate =
            ChildGate.start(
                setup(folder, provider)
                    .settings(issuer.setting("claims: { organization: org }")))) {
      TwoTenants world = new TwoTenants(gate, store(folder));
      Matrix matrix = new Matrix(world, new StoreDump(store(folder)), new Random(seed));
      TestPerson other = world.neighbourPerson();
      List<Foreigner> foreigners = new ArrayList<>(world.foreigners(other));
      foreigners.add(caller(world, "a token", issuer.token("x", "org", other.organizationId())));
      foreigners.add(caller(world, "a token of nobody's", issuer.token("x", "org", "org_none")));
      String foreign = stranger.token("x", "org", world.things().id("organization"));
      foreigners.add(caller(world, "a token of an issuer nobody believes", foreign));
      assertThat(matrix.faults(other, foreigners, Integer.MAX_VALUE)).isEmpty();
    }
  }

  /// One store behind all of them: no site is a way around, and a session of one is none of
  /// another's.
  @Test
  void nor_by_the_door_of_any_site() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    try (FakeProvider provider = FakeProvider.start();
        FakeIssuer issuer = FakeIssuer.start();
        FakeIssuer stranger = FakeIssuer.start();
        ChildGate gate =
            ChildGate.start(
                setup(folder, provider)
                    .settings(SITES + issuer.setting("claims: { organization: org }")))) {
      TwoTenants world = new TwoTenants(gate, store(folder));
      Matrix matrix = new Matrix(world, new StoreDump(store(folder)), new Random(seed));
      TestPerson other = world.neighbourPerson();
      String[] portal = {"x-forwarded-host", "one.example", "x-forwarded-proto", "https"};
      String[] api = {"x-forwarded-host", "api.example", "x-forwarded-proto", "https"};
      TestPerson person = TestPerson.signInAt(gate, other.email(), portal);
      Map<String, String> tokens =
          Map.of(
              "a token",
              issuer.token("x", "org", other.organizationId()),
              "a token of an issuer nobody believes",
              stranger.token("x", "org", world.things().id("organization")));
      List<Foreigner> foreigners = new ArrayList<>();
      foreigners.addAll(world.at("one.example", other, person, tokens, portal));
      foreigners.addAll(world.at("api.example", other, person, tokens, api));
      assertThat(matrix.faults(other, foreigners, Integer.MAX_VALUE)).isEmpty();
      for (String path : List.of("/api/auth/session", "/api/keys")) {
        assertThat(person.send("GET", path, "", portal).statusCode()).isEqualTo(200);
        assertThat(person.send("GET", path, "", api).statusCode()).isIn(401, 404, 421);
      }
    }
  }

  @Test
  void ten_stores_that_forget_the_tenant_are_found_out() throws Exception {
    List<StoreMutant> all = StoreMutant.all();
    List<StoreMutant> some = new ArrayList<>();
    for (String[] each : FORGETFUL) {
      some.add(StoreMutant.of(all, each[0], each[1]));
    }
    assertThat(survivors(some)).isEmpty();
  }

  /// Every statement of a tenant: what the matrix does not find out is known, with its reason, and
  /// the statements' own test finds it. `-Disolation.mutants=KeyStore` asks of those alone.
  @Test
  @Tag("long")
  void every_store_that_forgets_the_tenant_is_found_out() throws Exception {
    Pattern asked = Pattern.compile(System.getProperty("isolation.mutants", ""));
    List<StoreMutant> all =
        StoreMutant.all().stream().filter(each -> asked.matcher(each.name()).find()).toList();
    List<String> hidden = survivors(all);
    List<StoreMutant> tenants =
        all.stream()
            .filter(each ->
                !StatementIsolationTest.begins(StatementIsolationTest.EVERYBODYS, each.name()))
            .toList();
    Set<String> unseen = new TreeSet<>();
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE)) {
      unseen.addAll(new StatementNet(tenants).findings(store.database()).survivors());
    }
    for (StoreMutant mutant : all) {
      String by = hidden.contains(mutant.name()) ? "statement" : "matrix";
      System.out.printf("found out by the %s: %s%n", by, mutant.name());
    }
    Unseen listed = Unseen.read();
    assertThat(hidden)
        .as("shown by no row of the matrix, and not in %s", "unseen-by-the-matrix.txt")
        .allMatch(listed::has);
    unseen.retainAll(hidden);
    assertThat(unseen)
        .allMatch(name -> StatementIsolationTest.begins(StatementIsolationTest.SAME_WITHOUT, name));
  }

  /// A caller of another issuer.
  private static Foreigner caller(TwoTenants world, String name, String token) {
    return new Foreigner(
        name, Foreigner.Who.STRANGER, (m, p, b, h) -> world.byKey(token, m, p, b, h));
  }

  private List<String> survivors(List<StoreMutant> mutants) throws Exception {
    // What cannot be set up is taken for found out: it must be the mutant's doing.
    Path asTheyAre = Files.createDirectory(folder.resolve("as-they-are"));
    assertThat(found(asTheyAre, Files.createDirectory(asTheyAre.resolve("classes"))))
        .as("stores as they are are found out")
        .isFalse();
    List<String> survivors = new ArrayList<>();
    for (StoreMutant mutant : mutants) {
      Path own = Files.createDirectory(folder.resolve("mutant" + mutants.indexOf(mutant)));
      Path classes = Files.createDirectory(own.resolve("classes"));
      mutant.write(classes);
      long begin = System.nanoTime();
      boolean found = found(own, classes);
      System.out.printf(
          "%s after %d s: %s%n",
          own.getFileName(), (System.nanoTime() - begin) / 1_000_000_000, mutant.name());
      if (!found) {
        survivors.add(mutant.name());
        System.out.println("survives: " + mutant.name());
      }
    }
    return survivors;
  }

  private static boolean found(Path own, Path classes) throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate = ChildGate.start(setup(own, provider).classes(classes))) {
      TwoTenants world = new TwoTenants(gate, store(own));
      TestPerson other = world.neighbourPerson();
      Matrix matrix = new Matrix(world, new StoreDump(store(own)), new Random(1));
      List<Foreigner> foreigners = List.of(TwoTenants.neighbour(other), world.neighboursKey(other));
      return !matrix.faults(other, foreigners, 1).isEmpty();
    } catch (AssertionError brokenAtOnce) {
      // Two tenants could not even be set up.
      System.out.println("broken at once: " + own.getFileName());
      return true;
    }
  }

  private static Path store(Path folder) {
    return folder.resolve("data/gatewright.db");
  }

  /// The service is one that any answer keeps up: that it goes down would be told to the tenant.
  private static GateSetup setup(Path folder, FakeProvider provider) throws IOException {
    return GateSetup.usual(folder, provider)
        .settings(
            """
            services:
              - id: echo
                preset: http
                instances: [http://127.0.0.1:%d]
            """
                .formatted(provider.port()));
  }
}
