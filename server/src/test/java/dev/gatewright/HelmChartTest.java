package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/// What the chart makes, by what three versions of Kubernetes know. That Helm makes just that of
/// the chart is [HelmChartSystemTest]'s.
class HelmChartTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource({
    "1.29, alone",
    "1.29, everything",
    "1.32, alone",
    "1.32, everything",
    "1.34, alone",
    "1.34, everything"
  })
  void kubernetes_knows_each_field(String version, String name) throws IOException {
    KubernetesDefinitions kubernetes = KubernetesDefinitions.of(version);
    assertThat(made(name))
        .hasSizeGreaterThan(3)
        .allSatisfy(object -> assertThat(kubernetes.faults(object)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.29", "1.32", "1.34"})
  void a_chart_that_errs_would_be_seen(String version) throws IOException {
    KubernetesDefinitions kubernetes = KubernetesDefinitions.of(version);
    ObjectNode gate = (ObjectNode) one("alone", "Deployment");
    ObjectNode spec = (ObjectNode) gate.path("spec");
    ObjectNode pod = (ObjectNode) spec.at("/template/spec");
    spec.put("replicas", "two");
    pod.put("enableServiceLink", false);
    ((ObjectNode) pod.at("/containers/0")).remove("name");
    ((ObjectNode) pod.at("/containers/0/livenessProbe/httpGet")).putNull("port");

    assertThat(kubernetes.faults(gate))
        .hasSize(4)
        .anyMatch(fault -> fault.contains(".spec.replicas: \"two\""))
        .anyMatch(fault -> fault.contains(".enableServiceLink: no such field"))
        .anyMatch(fault -> fault.contains(".containers[0].name: missing"))
        .anyMatch(fault -> fault.contains(".livenessProbe.httpGet.port: null"));
    gate.put("apiVersion", "extensions/v1beta1");
    assertThat(kubernetes.faults(gate))
        .containsExactly("extensions/v1beta1 Deployment: no such kind");
  }

  /// By default one gate owns a volume; with PostgreSQL there are several and none does.
  @Test
  void one_gate_has_a_volume_and_several_have_a_budget() throws IOException {
    assertThat(kinds("alone"))
        .containsExactlyInAnyOrder("Service", "Service", "PersistentVolumeClaim", "Deployment");
    assertThat(kinds("everything"))
        .containsExactlyInAnyOrder(
            "Service",
            "Service",
            "PodDisruptionBudget",
            "Secret",
            "ConfigMap",
            "Ingress",
            "Deployment");
    assertThat(one("alone", "Deployment").at("/spec/strategy/type").asText()).isEqualTo("Recreate");
    assertThat(
            one("everything", "Deployment")
                .at("/spec/strategy/rollingUpdate/maxUnavailable")
                .asInt(-1))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"alone, 5, 30", "everything, 6, 40"})
  void a_pod_may_take_longer_than_its_gate_to_stop(String name, int delay, int grace)
      throws IOException {
    JsonNode pod = one(name, "Deployment").at("/spec/template/spec");
    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isEqualTo(delay + grace + 10);
    assertThat(pod.at("/containers/0/livenessProbe/httpGet/path").asText())
        .isEqualTo("/health/live");
    assertThat(pod.at("/containers/0/readinessProbe/httpGet/path").asText()).isEqualTo("/health");
    assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
  }

  private static List<String> kinds(String name) throws IOException {
    return made(name).stream().map(object -> object.path("kind").asText()).toList();
  }

  private static JsonNode one(String name, String kind) throws IOException {
    return made(name).stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> made(String name) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    String file = "/deploy/helm/%s.yaml".formatted(name);
    try (InputStream in = HelmChartTest.class.getResourceAsStream(file)) {
      for (Object object : new Yaml().loadAll(Objects.requireNonNull(in))) {
        objects.add(JSON.valueToTree(object));
      }
    }
    return objects;
  }
}
