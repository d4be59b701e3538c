package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What dashboards and alerts ask for is what `/metrics` has after a short run: each series by
/// name, each label of it.
class DashboardsTest {
  private static final Path RULES = Path.of("../deploy/prometheus/rules.yml");
  private static final Pattern SERIES =
      Pattern.compile("\\b((?:gatewright|jvm|process|system)_[a-z_]+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
  private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
  private static final Pattern REF = Pattern.compile("\\{\\{\\s*\\$?(?:labels\\.)?([a-z_]+)\\s*}}");

  /// What Prometheus itself adds.
  private static final Set<String> ADDED = Set.of("instance", "job");

  @TempDir static Path folder;

  private static final Map<String, Set<String>> LABELS = new HashMap<>();
  private static String shown = "";

  @BeforeAll
  static void a_short_run() throws Exception {
    ConfigSources sources =
        ConfigSources.ofText(
                """
                listen: { port: 0 }
                metrics: { port: 0 }
                providers: [{ id: away, dialect: openai, base-url: "http://127.0.0.1:1/v1", api-key: x }]
                models: [{ id: fast, targets: [away/m] }]
                """)
            .withFlag("data", folder.resolve("data").toString());
    try (Gatewright gate = Gatewright.start(sources, Time.system());
        HttpClient client = HttpClient.newHttpClient()) {
      Map<String, String> environment =
          Map.of("GATEWRIGHT_DATA", folder.resolve("data").toString());
      String live =
          CommandGate.run(environment, false, "", "keys", "create", "--name", "k", "--quiet")
              .out()
              .strip();
      String test = java.util.Objects.requireNonNull(gate.firstTestKey()).expose();
      assertThat(chat(client, gate, live)).isEqualTo(502);
      assertThat(chat(client, gate, test)).isEqualTo(200);
      shown =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + gate.metricsPort() + "/metrics"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
    }
    for (String line : shown.lines().filter(line -> !line.startsWith("#")).toList()) {
      var found = Pattern.compile("^([a-z_0-9]+)(?:\\{(.*)})? ").matcher(line);
      assertThat(found.find()).as(line).isTrue();
      Set<String> labels = LABELS.computeIfAbsent(found.group(1), _ -> new TreeSet<>());
      if (found.group(2) != null) {
        Pattern.compile("([a-z_]+)=\"")
            .matcher(found.group(2))
            .results()
            .forEach(l -> labels.add(l.group(1)));
      }
    }
  }

  private static int chat(HttpClient client, Gatewright gate, String key)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(gate.url() + "/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private record Expression(String where, String text, String legend) {}

  private static List<Expression> dashboards() throws IOException {
    List<Expression> all = new ArrayList<>();
    try (var files = Files.list(Path.of("../deploy/grafana"))) {
      for (Path file : files.toList()) {
        for (JsonNode panel : new ObjectMapper().readTree(file.toFile()).get("panels")) {
          for (JsonNode target : panel.get("targets")) {
            all.add(
                new Expression(
                    file.getFileName() + ": " + panel.get("title").asText(),
                    target.get("expr").asText(),
                    target.get("legendFormat").asText()));
          }
        }
      }
    }
    return all;
  }

  private static List<Expression> alerts() throws IOException {
    List<Expression> all = new ArrayList<>();
    List<String> lines = Files.readAllLines(RULES);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith("expr: ")) {
        String expression = lines.get(i).strip().substring("expr: ".length());
        all.add(new Expression("rules.yml:" + (i + 1), expression, lines.get(i + 3)));
      }
    }
    return all;
  }

  @Test
  void ask_for_series_and_labels_that_are_there() throws IOException {
    List<Expression> all = new ArrayList<>(dashboards());
    all.addAll(alerts());
    assertThat(all).hasSizeGreaterThan(30);
    for (Expression each : all) {
      Set<String> of = new TreeSet<>(ADDED);
      var series = SERIES.matcher(each.text());
      int found = 0;
      while (series.find()) {
        found++;
        Set<String> labels = LABELS.get(series.group(1));
        assertThat(labels).as("%s: %s", each.where(), series.group(1)).isNotNull();
        of.addAll(labels);
        if (series.group(2) != null) {
          MATCHER
              .matcher(series.group(2))
              .results()
              .filter(m -> !ADDED.contains(m.group(1)))
              .forEach(m -> assertThat(labels).as(each.where()).contains(m.group(1)));
        }
      }
      assertThat(found).as(each.where()).isPositive();
      BY.matcher(each.text())
          .results()
          .flatMap(by -> Pattern.compile(",").splitAsStream(by.group(1)))
          .forEach(label -> assertThat(of).as(each.where()).contains(label.strip()));
      REF.matcher(each.legend())
          .results()
          .forEach(label -> assertThat(of).as(each.where()).contains(label.group(1)));
    }
  }

  @Test
  void no_label_holds_what_a_caller_chose() {
    assertThat(shown).doesNotContain("fast", "away").doesNotContain("gw_");
  }

  @Test
  void count_the_failed_try() {
    assertThat(shown)
        .containsPattern("gatewright_attempts_seconds_count\\{end=\"failed\",kind=\"model\"} [1-9]")
        .containsPattern(
            "gatewright_attempts_seconds_bucket\\{end=\"failed\",kind=\"model\",le=\"\\+Inf\"} [1-9]");
  }

  /// By Prometheus's own tool: the metrics, the alerts, and each expression as a recording rule.
  @Test
  @Tag("system")
  void pass_promtool() throws Exception {
    Path metrics = Files.writeString(folder.resolve("metrics.txt"), shown);
    StringBuilder rules = new StringBuilder("groups:\n  - name: dashboards\n    rules:\n");
    int ordinal = 0;
    for (Expression each : dashboards()) {
      rules
          .append("      - record: dashboard_%d\n        expr: >-\n          ".formatted(ordinal++))
          .append(each.text().replace("$__rate_interval", "1m"))
          .append('\n');
    }
    Path recorded = Files.writeString(folder.resolve("dashboards.yml"), rules.toString());
    promtool(null, "check", "rules", RULES.toString(), recorded.toString());
    // It names what Micrometer calls its own: see docs/operating/metrics.md.
    assertThat(promtool(metrics, "check", "metrics")).doesNotContain("gatewright_");
  }

  /// @param input null = none; then it must end well
  private static String promtool(@org.jspecify.annotations.Nullable Path input, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(input != null || process.exitValue() == 0).as(said).isTrue();
    return said;
  }
}
