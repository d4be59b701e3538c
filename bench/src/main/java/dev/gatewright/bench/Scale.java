package dev.gatewright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.store.Database;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import dev.gatewright.usage.UsageFold;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What questions about usage take over many rows, and what calls notice while old rows are
/// dropped.
final class Scale {
  private static final int WARM_UP = 2;
  private static final int REQUESTS = 20;
  private static final int PAGES = 10;
  private static final int KEPT_DAYS = 30;
  private static final int CALLS_A_SECOND = 300;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Options options;
  private final GateUnderLoad gate;
  private final StoreConfig store;
  private final EventLoopGroup group;
  private final @Nullable ProcessHandle postgres;
  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
  private final List<String> lines = new ArrayList<>();

  /// @param postgres null = the store is SQLite's
  private Scale(
      Options options,
      GateUnderLoad gate,
      StoreConfig store,
      EventLoopGroup group,
      @Nullable ProcessHandle postgres) {
    this.options = options;
    this.gate = gate;
    this.store = store;
    this.group = group;
    this.postgres = postgres;
  }

  /// @return Markdown
  static List<String> measure(
      Options options, Path folder, MockProvider mock, EventLoopGroup group, Database.Kind kind)
      throws IOException, InterruptedException, SQLException {
    try (GateOnStore on = GateOnStore.start(options, folder, mock, kind)) {
      ProcessHandle postgres =
          on.postgres() == null ? null : server(folder.resolve("postgres-data"));
      return new Scale(options, on.gate(), on.store(), group, postgres).measured();
    }
  }

  /// Its connections are processes below it.
  private static ProcessHandle server(Path data) throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /// Of the gate, but for its compilers, and of its PostgreSQL.
  private long cpuMicros() {
    Target target = gate.target("gatewright", "none");
    long own = target.cpuMicros() - target.compilerMicros();
    return postgres == null ? own : own + ProcessTimes.cpuMicros(postgres);
  }

  private List<String> measured() throws IOException, InterruptedException, SQLException {
    String key = gate.mint();
    gate.whileStopped(this::fill);
    lines.add("");
    lines.add("| question | answer kB | p50 ms | p95 ms | slowest ms | CPU ms an answer |");
    lines.add("|---|--:|--:|--:|--:|--:|");
    for (String question : questions()) {
      timed(question, question);
    }
    pages();
    lines.add("");
    retention(gate.target("gatewright", key), key);
    return lines;
  }

  private void fill() {
    long began = System.nanoTime();
    try (Database database = Stores.open(store, Time.system())) {
      new UsageFill(
              database, UsageFill.first(database), options.usageRows(), System.currentTimeMillis())
          .run();
      lines.add(
          "- filled in %,d s by the product's own projection"
              .formatted((System.nanoTime() - began) / 1_000_000_000));
      fold(database);
      for (String table : List.of("usage_attempt", "usage_rollup", "usage_coarse")) {
        long rows = number(database, "SELECT COUNT(*) FROM " + table);
        long bytes =
            number(
                database,
                (database.kind() == Database.Kind.SQLITE
                        ? "SELECT SUM(pgsize) FROM dbstat WHERE name = '%s'"
                        : "SELECT pg_total_relation_size('%s')")
                    .formatted(table));
        lines.add(
            "- `%s`: %,d rows, %,d MB: %,d MB a million calls"
                .formatted(
                    table, rows, bytes >> 20, (bytes * 1_000_000 / options.usageRows()) >> 20));
      }
    }
  }

  /// The gate does it a while after its start, and as calls go on.
  private void fold(Database database) {
    long began = System.nanoTime();
    try {
      UsageFold.now(database, Time.system());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    UsageFill.analyze(database);
    lines.add(
        "- coarse sums made in %,d s, half of it pauses"
            .formatted((System.nanoTime() - began) / 1_000_000_000));
  }

  private static long number(Database database, String sql) {
    return database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private List<String> questions() {
    String ninety = "from=%s&to=%s".formatted(today.minusDays(90), today);
    String kathmandu = ninety + "&tz=Asia/Kathmandu";
    List<String> questions = new ArrayList<>();
    for (String time : List.of(ninety, kathmandu)) {
      for (String by :
          List.of("model", "service", "tag", "project,model", "day", "key,day", "model,day")) {
        questions.add("/api/usage?group=%s&%s".formatted(by, time));
      }
      for (String step : List.of("1mo", "1d", "1h", "15m")) {
        questions.add("/api/usage/series?step=%s&%s".formatted(step, time));
      }
    }
    questions.add("/api/usage?group=day&key=key_bench_7&" + kathmandu);
    for (String by : List.of("model", "provider", "key", "tag")) {
      questions.add("/api/usage?group=%s,hour&%s".formatted(by, ninety));
    }
    questions.add("/api/usage?group=hour&" + ninety);
    questions.add("/api/usage/series?step=15m&from=%s&to=%s".formatted(today.minusDays(7), today));
    questions.add("/api/billing/balance");
    questions.add("/api/billing/statements/" + YearMonth.from(today).minusMonths(1));
    return questions;
  }

  /// From the first page on, and from the middle of all rows on.
  private void pages() throws IOException, InterruptedException {
    String deep = "from=%s&to=%s".formatted(today.minusDays(90), today.minusDays(45));
    for (String filter :
        List.of(
            "limit=50",
            deep,
            "key=key_bench_7",
            "key=key_bench_99",
            "tag=team%203",
            "service=chat",
            "status=502",
            "outcome=failed&" + deep,
            "min_cost=1000")) {
      timed("/api/usage/events?" + filter, "/api/usage/events?" + filter);
    }
  }

  /// A list is followed by its cursor for some pages.
  private void timed(String name, String path) throws IOException, InterruptedException {
    Histogram nanos = new Histogram();
    long slowest = 0;
    int length = 0;
    int page = 1;
    String at = path;
    long cpuMicros = 0;
    for (int i = 0; i < WARM_UP + REQUESTS; i++) {
      if (i == WARM_UP) {
        cpuMicros = -cpuMicros();
      }
      long began = System.nanoTime();
      String body = send("GET", at, "");
      long took = System.nanoTime() - began;
      JsonNode next = JSON.readTree(body).path("next_cursor");
      boolean on = next.isTextual() && page < PAGES;
      at = on ? path + "&cursor=" + next.asText() : path;
      page = on ? page + 1 : 1;
      length = Math.max(length, body.length());
      if (i >= WARM_UP) {
        nanos.add(took);
        slowest = Math.max(slowest, took);
      }
    }
    cpuMicros += cpuMicros();
    String line =
        "| `%s` | %d | %.1f | %.1f | %.1f | %.1f |"
            .formatted(
                name,
                length / 1_000,
                nanos.quantile(0.5) / 1e6,
                nanos.quantile(0.95) / 1e6,
                slowest / 1e6,
                cpuMicros / 1e3 / REQUESTS);
    System.err.println(line);
    lines.add(line);
  }

  /// Calls by the clock before and while two thirds of the rows are dropped.
  private void retention(Target target, String key) throws IOException, InterruptedException {
    Measurement.open(group, target, Traffic.SMALL, CALLS_A_SECOND, options.warmupSeconds());
    noted("calls before", target);
    send("PUT", "/api/usage/retention", "{\"retention_days\":%d}".formatted(KEPT_DAYS));
    gate.restart(Map.of(), key);
    Target again = gate.target("gatewright", key);
    Measurement.open(group, again, Traffic.SMALL, CALLS_A_SECOND, options.warmupSeconds());
    String all = "/api/usage/events?limit=1&from=%s&to=".formatted(today.minusDays(100));
    String old = all + today.minusDays(UsageFill.DAYS - 5);
    while (JSON.readTree(send("GET", old, "")).path("data").size() > 0) {
      Thread.sleep(100);
    }
    long began = System.nanoTime();
    noted("calls while rows are dropped", again);
    String last = all + today.minusDays(KEPT_DAYS + 1);
    while (JSON.readTree(send("GET", last, "")).path("data").size() > 0) {
      Thread.sleep(1_000);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    lines.add(
        "- rows of %d days of one organization, half of all, dropped in %.0f s"
            .formatted(UsageFill.DAYS - 5 - KEPT_DAYS, seconds));
  }

  private void noted(String what, Target target) throws InterruptedException {
    Load.Result load =
        Measurement.open(group, target, Traffic.SMALL, CALLS_A_SECOND, options.seconds()).load();
    lines.add(
        "- %s, %d/s for %.0f s: p50 %.1f ms, p99 %.1f ms, slowest %.1f ms, failed %d"
            .formatted(
                what,
                CALLS_A_SECOND,
                options.seconds(),
                load.whole().quantile(0.5) / 1e6,
                load.whole().quantile(0.99) / 1e6,
                load.whole().quantile(1) / 1e6,
                load.failed()));
    System.err.println(lines.getLast());
  }

  private String send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gate.url() + path))
            .header("authorization", "Bearer " + gate.adminKey())
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return answer.body();
  }
}
