package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.config.ConfigSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/// What `deploy/` says, held against the program and against what platforms take.
class DeployFilesTest {
  private static final Path DEPLOY = Path.of("../deploy");
  private static final Pattern VARIABLE =
      Pattern.compile("(?<![{$])(GATEWRIGHT_[A-Z_]+)(?:[=:] ?|, value: )\"?([\\w./,:-]*)");

  /// Not settings: the launcher's and the image's own.
  private static final Set<String> ELSEWHERE = Set.of("GATEWRIGHT_JAVA_OPTS");

  @ParameterizedTest
  @ValueSource(strings = {"standard", "small"})
  void java_takes_the_options_of_each_profile(String profile) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path jvm = DEPLOY.resolve("jvm");
    Ran ran =
        Ran.of(
            java,
            "@" + jvm.resolve(profile + ".options"),
            "@" + jvm.resolve("common.options"),
            "--version");
    assertThat(ran.code()).as(ran.text()).isZero();
    assertThat(ran.text()).doesNotContain("warning");
  }

  @ParameterizedTest
  @CsvSource({
    "'',       serve,                     standard",
    "small,    serve,                     small",
    "'',       serve --profile small,     small",
    "'',       serve --profile=small,     small",
    "small,    serve --profile standard,  standard",
    "odd,      serve,                     standard",
    "'',       keys create --name small,  standard"
  })
  void the_profile_chooses_javas_memory(String variable, String words, String expected)
      throws Exception {
    Ran ran =
        Ran.of(
            "sh",
            "-euc",
            "GATEWRIGHT_PROFILE=%s; . %s; jvm_profile %s; echo $profile"
                .formatted(variable, DEPLOY.resolve("jvm/profile.sh"), words));
    assertThat(ran.text().strip()).isEqualTo(expected);
  }

  @Test
  void a_small_profile_holds_less(@TempDir Path data) {
    ServerConfig small = config(data, Map.of("GATEWRIGHT_PROFILE", "small"));
    assertThat(small.edge().limits().bodyBytes()).isEqualTo(10 << 20);
    assertThat(small.edge().limits().heldBodiesBytes()).isEqualTo(40 << 20);
    ServerConfig said =
        config(data, Map.of("GATEWRIGHT_PROFILE", "small", "GATEWRIGHT_LIMITS_BODY", "1MiB"));
    assertThat(said.edge().limits().bodyBytes()).isEqualTo(1 << 20);
  }

  @Test
  void each_variable_in_a_deploy_file_is_a_setting(@TempDir Path data) throws IOException {
    int seen = 0;
    for (Path file : files()) {
      Map<String, String> environment = new HashMap<>();
      Matcher matcher = VARIABLE.matcher(Files.readString(file));
      while (matcher.find()) {
        String value = matcher.group(2);
        if (!ELSEWHERE.contains(matcher.group(1)) && !value.startsWith("$") && !value.isEmpty()) {
          environment.put(matcher.group(1), value.replaceFirst("^/.*", data.toString()));
        }
      }
      environment.keySet().removeAll(Set.of("GATEWRIGHT_MASTER_KEY", "GATEWRIGHT_CONFIG"));
      config(data, environment);
      seen += environment.size();
    }
    assertThat(seen).isGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose/gate.yaml", "compose/replicas.yaml"})
  void gates_of_a_compose_file_have_time_to_stop_and_no_rights(String name) throws IOException {
    Map<?, ?> file = new Yaml().load(Files.readString(DEPLOY.resolve(name)));
    Map<?, ?> services = (Map<?, ?>) Objects.requireNonNull(file.get("services"));
    List<Map<?, ?>> gates =
        services.values().stream()
            .<Map<?, ?>>map(service -> (Map<?, ?>) service)
            .filter(service -> service.containsKey("build"))
            .toList();
    assertThat(gates)
        .isNotEmpty()
        .allSatisfy(gate -> {
          assertThat(gate.get("read_only")).isEqualTo(true);
          assertThat(gate.get("cap_drop")).isEqualTo(List.of("ALL"));
          String stop = String.valueOf(gate.get("stop_grace_period"));
          assertThat(Duration.parse("PT" + stop)).isGreaterThan(Duration.ofSeconds(35));
        });
    assertThat(services.values())
        .allSatisfy(service -> {
          String image = String.valueOf(((Map<?, ?>) service).get("image"));
          assertThat(image).as("a pinned image").matches(".+:[0-9]+\\.[0-9.]+");
        });
  }

  /// docs/decisions/2026-11-28-how-long-a-stop-takes.md.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compose/replicas.yaml | GATEWRIGHT_SERVE_DELAY: 5s | stop_grace_period: 45s",
        "fly/fly.toml | GATEWRIGHT_SERVE_DELAY = \"5s\" | kill_timeout = 45",
        "systemd/gatewright.service | GATEWRIGHT_SERVE_DELAY=5s | TimeoutStopSec=45",
        "helm/gatewright/values.yaml | delaySeconds: 5 | graceSeconds: 30"
      })
  void a_gate_behind_somebody_who_asks_serves_on_while_that_one_notices(
      String name, String delay, String patience) throws IOException {
    assertThat(Files.readString(DEPLOY.resolve(name))).contains(delay, patience);
  }

  @Test
  void alerts_ask_for_metrics_that_the_page_describes() throws IOException {
    String page = Files.readString(Path.of("../docs/operating/metrics.md"));
    Map<?, ?> rules = new Yaml().load(Files.readString(DEPLOY.resolve("prometheus/rules.yml")));
    Matcher names = Pattern.compile("gatewright_[a-z_]+").matcher(rules.toString());
    Set<String> asked = new TreeSet<>();
    while (names.find()) {
      asked.add(names.group().replaceFirst("_seconds_count$", "_seconds"));
    }
    assertThat(asked)
        .hasSizeGreaterThan(8)
        .allSatisfy(name -> {
          assertThat(page).contains("`" + name + "`");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"behind-cloudflared", "behind-tailscale", "behind-frp", "on-zerotier"})
  void a_start_takes_the_gates_side_of_each_tunnel(String name) {
    Path file = DEPLOY.resolve("tunnels/gate-%s.yaml".formatted(name));
    ServerConfig config =
        ServerConfig.from(ConfigSources.find(Map.of("config", file.toString()), Map.of()).load());
    assertThat(config.edge().host()).isNotEqualTo("0.0.0.0");
  }

  @Test
  void the_image_has_the_modules_once_and_pins_nothing_floating() throws IOException {
    String dockerfile = Files.readString(DEPLOY.resolve("container/Dockerfile"));
    String ignored = Files.readString(Path.of("../.dockerignore"));
    Matcher copies =
        Pattern.compile("deploy/[a-z/]+").matcher(dockerfile.replaceAll("(?m)^#.*", ""));
    while (copies.find()) {
      assertThat(ignored).contains("!" + copies.group());
      assertThat(Path.of("..", copies.group())).exists();
    }
    assertThat(Files.readString(DEPLOY.resolve("container/modules")).strip())
        .matches("[a-z.]+(,[a-z.]+)+");
    assertThat(dockerfile).doesNotContain(":latest");
  }

  private static ServerConfig config(Path data, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("GATEWRIGHT_DATA", data.toString());
    return ServerConfig.from(ConfigSources.find(Map.of(), all).load());
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(DEPLOY)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  record Ran(int code, String text) {
    static Ran of(String... command) throws IOException, InterruptedException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(20, TimeUnit.MINUTES)).isTrue();
      return new Ran(process.exitValue(), text);
    }
  }
}
