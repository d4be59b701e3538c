package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/operating says of metrics, of PostgreSQL and of commands is so.
class OperatingPagesTest {
  private static final Path PAGES = Path.of("../docs/operating");

  @TempDir Path folder;

  @Test
  void the_page_of_metrics_names_what_is_shown_and_nothing_else() throws Exception {
    String page = Files.readString(PAGES.resolve("metrics.md"));
    Set<String> described = found(page, "`(gatewright_[a-z_]+)`");
    ConfigSources sources =
        ConfigSources.ofText("listen: { port: 0 }\nmetrics: { port: 0 }\n")
            .withFlag("data", folder.toString());
    try (Gatewright gate = Gatewright.start(sources, Time.system())) {
      get(gate.url() + "/health/live");
      String shown = get("http://127.0.0.1:" + gate.metricsPort() + "/metrics");

      assertThat(described).isEqualTo(found(shown, "(?m)^# TYPE (gatewright_[a-z_]+) "));
      assertThat(shown).contains("gatewright_store_most{lane=\"look-ups\"}");
    }
  }

  @Test
  void the_sql_of_the_page_of_postgres_runs() throws Exception {
    String url = "jdbc:" + TestPostgres.emptyUrl().replace("postgres:postgres@", "");
    try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
        var statement = connection.createStatement()) {
      List<String> ran = sql(PAGES.resolve("postgres.md"));
      for (String each : ran) {
        statement.execute(each);
      }
      assertThat(ran).hasSize(3);
    }
  }

  @Test
  void the_commands_of_the_page_of_incidents_run() throws Exception {
    try (CommandGate gate = CommandGate.start(folder.resolve("data"))) {
      String key = gate.create().get("id").asText();
      String revoked = gate.create().get("id").asText();
      List<String> ran = commands("incident.md");
      for (String command : ran) {
        String own = command.contains("revoke") ? revoked : key;
        CommandGate.Result result = gate.run(command.replace("KEY", own).split(" "));
        assertThat(result.exitCode())
            .as("%s: %s%s", command, result.out(), result.err())
            .isIn(RESULTS.getOrDefault(command, Set.of(0)));
      }
      assertThat(ran).hasSizeGreaterThan(12).containsAll(RESULTS.keySet());
    }
  }

  /// The others than 0 that say what was found, in this test's gate: a service nobody listens for,
  /// warnings, a model without a price.
  private static final Map<String, Set<Integer>> RESULTS =
      Map.of("doctor", Set.of(0, 1), "services check", Set.of(4), "prices check", Set.of(5));

  @Test
  void the_configurations_of_the_page_of_tunnels_are_taken() throws Exception {
    List<String> ran = commands("tunnels.md");
    for (String command : ran) {
      String[] words = command.replace("deploy/", "../deploy/").split(" ");
      CommandGate.Result result =
          CommandGate.run(
              Map.of("GATEWRIGHT_DATA", folder.resolve("data").toString()), false, "", words);
      assertThat(result.exitCode()).as("%s: %s", command, result.err()).isZero();
    }
    assertThat(ran).hasSize(4);
  }

  @Test
  void the_pages_that_an_operator_needs_are_there() {
    for (String name :
        List.of(
            "install",
            "upgrade",
            "backup",
            "postgres",
            "pgbouncer",
            "redis",
            "replicas",
            "retention",
            "scale",
            "metrics",
            "tls",
            "tunnels",
            "incident")) {
      assertThat(PAGES.resolve(name + ".md")).isNotEmptyFile();
    }
  }

  @Test
  void the_readme_leads_to_each_page_of_operating() throws IOException {
    Set<String> there;
    try (Stream<Path> pages = Files.list(PAGES)) {
      there =
          pages
              .map(page -> page.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new));
    }
    String readme = Files.readString(Path.of("../README.md"));
    assertThat(found(readme, "\\]\\(docs/operating/([a-z-]+\\.md)\\)")).isEqualTo(there);
  }

  /// A measured number is one that a page of bench/results has in that form.
  @Test
  void numbers_of_the_page_of_scale_stand_where_they_were_measured() throws IOException {
    int measured = 0;
    for (String line : Files.readAllLines(PAGES.resolve("scale.md"))) {
      String[] cells = line.split(" \\| ");
      Matcher source = Pattern.compile("\\((../../bench/results/[^)]+)\\)").matcher(line);
      if (source.find()) {
        String results = Files.readString(PAGES.resolve(source.group(1)));
        for (int i = 1; i < cells.length - 1; i++) {
          assertThat(results).containsPattern("[ :]" + Pattern.quote(cells[i]) + "( MB\\n| \\|)");
          measured++;
        }
      }
    }
    assertThat(measured).isGreaterThan(12);
  }

  @Test
  void the_sql_of_the_page_of_scale_runs() throws Exception {
    PostgresAddress address = TestPostgres.freshDatabase();
    try (var connection = address.unhurried().getConnection();
        var statement = connection.createStatement()) {
      List<String> ran = sql(PAGES.resolve("scale.md"));
      for (String each : ran) {
        statement.execute(each);
      }
      assertThat(ran).hasSize(1);
    }
  }

  /// Of the blocks of code, without the program's name.
  private static List<String> commands(String page) throws IOException {
    List<String> found = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGES.resolve(page))) {
      if (line.startsWith("```")) {
        inside = !inside;
      } else if (inside && line.startsWith("gatewright ")) {
        found.add(line.substring("gatewright ".length()));
      }
    }
    return found;
  }

  private static Set<String> found(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult each) -> each.group(1))
        .filter(name -> !name.endsWith("_max"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  private static List<String> sql(Path page) throws IOException {
    List<String> statements = new ArrayList<>();
    boolean sql = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("```")) {
        sql = line.equals("```sql");
      } else if (sql) {
        statements.add(line);
      }
    }
    return statements;
  }
}
