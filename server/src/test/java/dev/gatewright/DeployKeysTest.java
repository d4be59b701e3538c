package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// The keys of deploy files whose programs are not at hand, held against lists taken from those
/// programs' own documentation: a key that is misspelt, or new, or that nobody uses any longer, is
/// red until somebody has looked it up. `*` is a name of ours.
class DeployKeysTest {
  private static final Path DEPLOY = Path.of("../deploy");

  /// Of superfly/docs, reference/configuration, as read on 2026-11-27.
  private static final Set<String> FLY =
      Set.of(
          "app",
          "primary_region",
          "kill_signal",
          "kill_timeout",
          "build.dockerfile",
          "env.*",
          "mounts.source",
          "mounts.destination",
          "http_service.internal_port",
          "http_service.force_https",
          "http_service.auto_stop_machines",
          "http_service.concurrency.type",
          "http_service.concurrency.soft_limit",
          "http_service.http_options.idle_timeout",
          "http_service.checks.method",
          "http_service.checks.path",
          "http_service.checks.interval",
          "http_service.checks.timeout",
          "http_service.checks.grace_period",
          "vm.size",
          "vm.memory");

  /// Of compose-spec/compose-spec, schema/compose-spec.json, as read on 2026-11-28.
  private static final Set<String> COMPOSE =
      Set.of(
          "name",
          "services.*.build.context",
          "services.*.build.dockerfile",
          "services.*.cap_drop",
          "services.*.command",
          "services.*.depends_on",
          "services.*.depends_on.*.condition",
          "services.*.environment.*",
          "services.*.healthcheck.interval",
          "services.*.healthcheck.retries",
          "services.*.healthcheck.test",
          "services.*.healthcheck.timeout",
          "services.*.image",
          "services.*.mem_limit",
          "services.*.ports",
          "services.*.read_only",
          "services.*.restart",
          "services.*.security_opt",
          "services.*.stop_grace_period",
          "services.*.volumes",
          "networks.*.ipam.config.subnet",
          "volumes.*");

  /// Of cloudflare/cloudflared, config/configuration.go and its flag `credentials-file`, as read on
  /// 2026-11-28.
  private static final Set<String> CLOUDFLARED =
      Set.of(
          "tunnel",
          "credentials-file",
          "ingress.hostname",
          "ingress.service",
          "ingress.originRequest.keepAliveTimeout");

  /// Of fatedier/frp, pkg/config/v1/client.go and proxy.go, as read on 2026-11-28.
  private static final Set<String> FRPC =
      Set.of(
          "serverAddr",
          "serverPort",
          "auth.token",
          "proxies.name",
          "proxies.type",
          "proxies.localIP",
          "proxies.localPort",
          "proxies.remotePort",
          "proxies.transport.proxyProtocolVersion");

  /// Of fatedier/frp, pkg/config/v1/server.go, as read on 2026-11-28.
  private static final Set<String> FRPS =
      Set.of("bindPort", "auth.token", "transport.tls.force", "allowPorts");

  /// What checks of health run, by service: that it is in the image was read on 2026-11-28, in the
  /// Dockerfiles that the file names.
  private static final Map<String, List<String>> HEALTH =
      Map.of(
          "postgres",
          List.of("CMD", "pg_isready", "--username", "gatewright"),
          "valkey",
          List.of("CMD-SHELL", "valkey-cli ping | grep -q PONG"),
          "caddy",
          List.of("CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:2019/config/"));

  private static final Map<String, String> IMAGES =
      Map.of(
          "postgres",
          "docker.io/library/postgres:18.1",
          "valkey",
          "docker.io/valkey/valkey:9.0",
          "caddy",
          "docker.io/library/caddy:2.10");

  @Test
  void fly_knows_each_key() throws IOException {
    assertThat(tomlKeys("fly/fly.toml", Set.of("env"))).isEqualTo(new TreeSet<>(FLY));
  }

  @Test
  void compose_knows_each_key() throws IOException {
    Set<String> named =
        Set.of(
            "services", "services.*.depends_on", "services.*.environment", "networks", "volumes");
    Set<String> keys = yamlKeys("compose/gate.yaml", named);
    keys.addAll(yamlKeys("compose/replicas.yaml", named));
    assertThat(keys).isEqualTo(new TreeSet<>(COMPOSE));
  }

  @Test
  void cloudflared_knows_each_key() throws IOException {
    assertThat(yamlKeys("tunnels/cloudflared.yml", Set.of())).isEqualTo(new TreeSet<>(CLOUDFLARED));
  }

  @Test
  void frpc_knows_each_key() throws IOException {
    assertThat(tomlKeys("tunnels/frpc.toml", Set.of())).isEqualTo(new TreeSet<>(FRPC));
  }

  @Test
  void frps_knows_each_key() throws IOException {
    assertThat(tomlKeys("tunnels/frps.toml", Set.of())).isEqualTo(new TreeSet<>(FRPS));
  }

  /// Without a token whoever finds the server takes its ports.
  @Test
  void both_ends_of_frp_know_the_same_token_and_ports() throws IOException {
    String client = Files.readString(DEPLOY.resolve("tunnels/frpc.toml"));
    String server = Files.readString(DEPLOY.resolve("tunnels/frps.toml"));
    assertThat(List.of(client, server))
        .allSatisfy(end -> assertThat(end).contains("auth.token = \"{{ .Envs.FRP_TOKEN }}\""));
    assertThat(server).contains("bindPort = 7000", "single = 8443");
    assertThat(client).contains("serverPort = 7000", "remotePort = 8443");
  }

  /// What a service waits for can say that it is healthy.
  @Test
  void a_compose_file_waits_for_health_only_where_somebody_asks_for_it() throws IOException {
    Map<?, ?> file = new Yaml().load(Files.readString(DEPLOY.resolve("compose/replicas.yaml")));
    Map<?, ?> services = (Map<?, ?>) Objects.requireNonNull(file.get("services"));
    for (Map.Entry<?, ?> service : services.entrySet()) {
      Map<?, ?> settings = (Map<?, ?>) service.getValue();
      if (settings.get("healthcheck") instanceof Map<?, ?> check) {
        String name = String.valueOf(service.getKey());
        assertThat(check.get("test")).isEqualTo(HEALTH.get(name));
        assertThat(settings.get("image")).isEqualTo(IMAGES.get(name));
      }
      // A gate's image has its own.
      assertThat(settings.containsKey("healthcheck") || settings.containsKey("build"))
          .as("%s says how it is", service.getKey())
          .isTrue();
    }
  }

  /// Of each leaf, without what a file keeps for its own anchors (`x-…`).
  private static Set<String> yamlKeys(String name, Set<String> named) throws IOException {
    Set<String> keys = new TreeSet<>();
    Object file = new Yaml().load(Files.readString(DEPLOY.resolve(name)));
    collect("", file, named, keys);
    return keys;
  }

  private static void collect(String path, Object value, Set<String> named, Set<String> keys) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      for (Map.Entry<?, ?> each : map.entrySet()) {
        String key = named.contains(path) ? "*" : String.valueOf(each.getKey());
        if (!path.isEmpty() || !key.startsWith("x-")) {
          collect(path.isEmpty() ? key : path + "." + key, each.getValue(), named, keys);
        }
      }
    } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
      list.forEach(each -> collect(path, each, named, keys));
    } else {
      keys.add(path);
    }
  }

  private static Set<String> tomlKeys(String name, Set<String> named) throws IOException {
    Set<String> keys = new TreeSet<>();
    String table = "";
    for (String line : Files.readAllLines(DEPLOY.resolve(name))) {
      String text = line.strip();
      if (text.startsWith("[")) {
        table = text.replaceAll("[\\[\\]]", "");
      } else if (text.contains("=") && !text.startsWith("#")) {
        String key = named.contains(table) ? "*" : text.substring(0, text.indexOf('=')).strip();
        keys.add(table.isEmpty() ? key : table + "." + key);
      }
    }
    return keys;
  }
}
