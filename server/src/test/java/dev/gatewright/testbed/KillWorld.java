package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.testbed.UsageRows.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A store, its replicas, and a teller behind them; calls that credit pays for, under a hard
/// budget; and what is killed. In the end three records must agree: what the teller's file says it
/// served, what callers saw, and the ledger.
final class KillWorld implements AutoCloseable {
  private static final int CALLERS = 24;
  private static final long TOKEN_NANO = 1_000;

  /// A call's cap, and more than its prompt has.
  private static final long RESERVED_TOKENS_MAX = 400;

  private static final BigDecimal GRANTED = new BigDecimal("1000");

  private final Path folder;
  private final Random random;
  private final @Nullable PostgresAddress postgres;
  private final String masterKey;
  private final FakeProvider provider = FakeProvider.start();
  private final Teller teller;
  private final List<GateSetup> setups = new ArrayList<>();
  private final List<ChildGate> gates = new ArrayList<>();
  private final List<Observation> seen = new ArrayList<>();
  private String key = "";
  private String organization = "";
  private String budget = "";
  private long loadNanos;

  private KillWorld(Path folder, long seed, @Nullable PostgresAddress postgres) throws Exception {
    this.folder = Files.createDirectories(folder);
    this.random = new Random(seed);
    this.postgres = postgres;
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    masterKey = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    teller = new Teller(folder.resolve("teller.txt"));
    provider.answer(teller);
    provider.forget();
    replicas(1);
    furnish(gates.getFirst());
  }

  static KillWorld sqlite(Path folder, long seed) throws Exception {
    return new KillWorld(folder, seed, null);
  }

  static KillWorld postgres(Path folder, long seed) throws Exception {
    return new KillWorld(folder, seed, TestPostgres.freshDatabase());
  }

  /// So many from now on.
  KillWorld replicas(int count) throws Exception {
    while (setups.size() < count) {
      Path own = Files.createDirectories(folder.resolve("gate" + setups.size()));
      GateSetup setup =
          GateSetup.usual(own, provider)
              .model("paced", "local/paced")
              .model("probe", "local/probe")
              .settings(
                  "prices: { entries: [{ model: local/*, meters: { input: 1/1M, output: 1/1M } }] }");
      if (postgres != null) {
        setup
            .environment("DATABASE_URL", postgresUrl())
            .environment("GATEWRIGHT_MASTER_KEY", masterKey);
      }
      setups.add(setup);
      gates.add(ChildGate.start(setup));
    }
    return this;
  }

  /// Credit and a budget, and both in force.
  private void furnish(ChildGate gate) throws Exception {
    AdminClient admin = gate.admin();
    key = admin.liveKey("load").key();
    organization =
        admin.call("GET", "/api/organizations", "", 200).path("data").path(0).path("id").asText();
    admin.call(
        "POST",
        "/api/billing/grants",
        "{\"usd\":\"%s\",\"kind\":\"paid\",\"note\":\"x\",\"organization_id\":\"%s\"}"
            .formatted(GRANTED, organization),
        201);
    refuses(gate, 1_100_000_000);
    budget =
        admin
            .call(
                "POST",
                "/api/budgets",
                "{\"on\":\"%s\",\"usd\":\"800\",\"per\":\"lifetime\"}".formatted(organization),
                201)
            .path("id")
            .asText();
    refuses(gate, 900_000_000);
  }

  private void refuses(ChildGate gate, long cap) throws Exception {
    String body =
        "{\"model\":\"probe\",\"max_tokens\":%d,\"user\":\"probe\",\"messages\":[]}".formatted(cap);
    Await.until(
        "what limits calls",
        Duration.ofSeconds(20),
        () -> {
          try (RawClient caller = gate.caller()) {
            return caller.post("/v1/chat/completions", key, body).answer().status() == 402;
          }
        });
  }

  /// Load on all replicas; one of them, or some, are killed in the middle of it, and started again.
  KillWorld cycles(int count) throws Exception {
    for (int cycle = 0; cycle < count; cycle++) {
      long began = System.nanoTime();
      List<CallersUnderLoad> loads = new ArrayList<>();
      for (ChildGate gate : gates) {
        loads.add(CallersUnderLoad.start(gate.port(), key, CALLERS, random.nextLong()));
      }
      for (CallersUnderLoad load : loads) {
        Await.until("load", Duration.ofSeconds(30), () -> load.count() > CALLERS);
      }
      Thread.sleep(random.nextInt(400));
      List<Integer> victims = new ArrayList<>();
      victims.add(random.nextInt(gates.size()));
      if (gates.size() > 1 && random.nextInt(4) == 0) {
        victims.add((victims.getFirst() + 1) % gates.size());
      }
      for (int victim : victims) {
        gates.get(victim).kill();
      }
      loadNanos += System.nanoTime() - began;
      for (CallersUnderLoad load : loads) {
        seen.addAll(load.stop());
      }
      for (int victim : victims) {
        gates.set(victim, ChildGate.start(setups.get(victim)));
      }
    }
    return this;
  }

  /// Waits until all that died are taken over, then holds the three records against each other.
  ///
  /// @return what was seen, for people
  String check() throws Exception {
    AdminClient admin = gates.getFirst().admin();
    Await.until(
        "what the dead left to be taken over",
        Duration.ofSeconds(90),
        () -> {
          admin.usage("by=model");
          return number("SELECT COUNT(*) FROM instance") == gates.size()
              && number("SELECT COUNT(*) FROM purse WHERE held <> 0 OR unposted <> 0") == 0;
        });
    List<Row> all = UsageRows.read(jdbcUrl());
    List<Row> rows = all.stream().filter(row -> !row.model().equals("probe")).toList();
    Map<String, Row> byRequest = new HashMap<>();
    for (Row row : rows) {
      assertThat(byRequest.put(row.requestId(), row)).as("doubled: %s", row).isNull();
    }
    callers(byRequest);
    teller(byRequest, rows);
    books(admin, all, rows);
    return "%d calls seen (%.0f a second), %d served, %d rows, %d of them interrupted"
        .formatted(
            seen.size(),
            seen.size() / (loadNanos / 1e9),
            teller.served().size(),
            rows.size(),
            rows.stream().filter(row -> row.outcome().equals("interrupted")).count());
  }

  /// Whoever saw a byte has a row, and whoever saw all of it paid what the teller asked.
  private void callers(Map<String, Row> byRequest) {
    assertThat(seen).hasSizeGreaterThan(CALLERS).anyMatch(call -> !call.complete());
    for (Observation call : seen) {
      if (call.status() == 0) {
        continue;
      }
      assertThat(call.status()).as("%s", call).isEqualTo(200);
      assertThat(byRequest).as("lost: %s", call).containsKey(call.requestId());
      Row row = Objects.requireNonNull(byRequest.get(call.requestId()));
      if (call.complete() && row.outcome().equals("completed")) {
        assertThat(row.billed())
            .as("%s of %s", row, call)
            .isEqualTo(Teller.of(call.call()).tokens() * TOKEN_NANO);
      } else if (call.complete()) {
        // Its last byte was out, and the process died before its end was on the disk.
        assertThat(row.outcome()).as("%s of %s", row, call).isEqualTo("interrupted");
      }
    }
  }

  /// What was served has its row, once; what was not costs nothing.
  private void teller(Map<String, Row> byRequest, List<Row> rows) {
    Map<String, Integer> served = new HashMap<>(teller.served());
    served.remove("probe");
    assertThat(served.values()).as("sent to the provider twice").allMatch(times -> times == 1);
    Map<String, String> requests = new HashMap<>();
    for (Row row : rows) {
      if (!row.upstreamId().isEmpty()) {
        assertThat(requests.put(row.upstreamId(), row.requestId())).as("doubled: %s", row).isNull();
      }
    }
    for (Observation call : seen) {
      if (call.requestId() != null) {
        String before = requests.put(call.call(), call.requestId());
        assertThat(before == null || before.equals(call.requestId())).as("%s", call).isTrue();
      }
    }
    assertThat(served.keySet()).as("not served, and answered").containsAll(requests.keySet());
    Set<String> known = new HashSet<>(requests.values());
    long nameless = rows.stream().filter(row -> !known.contains(row.requestId())).count();
    long unseen = served.keySet().stream().filter(call -> !requests.containsKey(call)).count();
    // Of these neither the caller nor the row knows the other's name: there are as many at least.
    assertThat(nameless).as("rows of calls nobody saw an answer of").isGreaterThanOrEqualTo(unseen);
    requests.forEach((call, request) -> {
      Row row = byRequest.get(request);
      if (row != null && row.outcome().equals("completed")) {
        assertThat(row.billed()).as("%s", row).isEqualTo(Teller.of(call).tokens() * TOKEN_NANO);
      }
    });
    for (Row row : rows) {
      assertThat(row.billed()).as("%s", row).isBetween(0L, RESERVED_TOKENS_MAX * TOKEN_NANO);
      assertThat(row.cost()).as("%s", row).isEqualTo(row.billed());
    }
  }

  /// Money went for rows and nothing else, nothing is held, nothing is below zero.
  private void books(AdminClient admin, List<Row> all, List<Row> rows) throws Exception {
    assertThat(admin.call("POST", "/api/billing/verify", "{}", 200).toString())
        .isEqualTo("{\"ok\":true,\"differences\":[]}");
    BigDecimal billed = usd(all.stream().mapToLong(Row::billed).sum());
    JsonNode balance = admin.call("GET", "/api/billing/balance", "", 200);
    assertThat(new BigDecimal(balance.path("balance").asText()))
        .isEqualByComparingTo(GRANTED.subtract(billed));
    assertThat(balance.path("reserved").asText()).isEqualTo("0");
    assertThat(usd(number("SELECT COALESCE(SUM(amount), 0) FROM transfer WHERE kind = 'usage'")))
        .isEqualByComparingTo(billed);
    assertThat(number("SELECT COUNT(*) FROM purse WHERE room < 0")).isZero();
    JsonNode standing = admin.call("GET", "/api/budgets/" + budget, "", 200);
    assertThat(standing.path("reserved").asText()).isEqualTo("0");
    // Probes that passed were before it.
    assertThat(new BigDecimal(standing.path("spent").asText()))
        .isEqualByComparingTo(usd(rows.stream().mapToLong(Row::cost).sum()));
  }

  private static BigDecimal usd(long nano) {
    return BigDecimal.valueOf(nano, 9);
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      assertThat(found.next()).isTrue();
      return found.getLong(1);
    }
  }

  private String jdbcUrl() {
    return postgres == null
        ? "jdbc:sqlite:" + setups.getFirst().data().resolve("gatewright.db")
        : "jdbc:postgresql://%s/%s?user=postgres&password=%s"
            .formatted(postgres.hosts(), postgres.database(), password(postgres));
  }

  private String postgresUrl() {
    PostgresAddress at = Objects.requireNonNull(postgres);
    return "postgresql://postgres:%s@%s/%s".formatted(password(at), at.hosts(), at.database());
  }

  private static String password(PostgresAddress address) {
    Secret password = address.password();
    return password == null ? "" : password.expose();
  }

  @Override
  public void close() throws IOException {
    gates.forEach(ChildGate::kill);
    provider.close();
    teller.close();
  }
}
