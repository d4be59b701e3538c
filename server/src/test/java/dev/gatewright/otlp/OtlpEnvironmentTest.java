package dev.gatewright.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.otlp.OtlpConfig.Way;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.trace.Sampler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `OTEL_*` mean, and what is said of what means nothing.
class OtlpEnvironmentTest {
  private static final Map<String, String> SOMEWHERE =
      Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");

  private static OtlpEnvironment.Read read(String... more) {
    Map<String, String> all = new HashMap<>(SOMEWHERE);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return OtlpEnvironment.read(all);
  }

  private static Way traces(OtlpEnvironment.Read read) {
    return Objects.requireNonNull(read.config().traces());
  }

  private static Way metrics(OtlpEnvironment.Read read) {
    return Objects.requireNonNull(read.config().metrics());
  }

  @Test
  void nothing_is_sent_where_nobody_says_whereto() {
    assertThat(OtlpEnvironment.read(Map.of()).config().none()).isTrue();
    assertThat(OtlpEnvironment.read(Map.of("OTEL_SERVICE_NAME", "x")).config().none()).isTrue();
    assertThat(OtlpEnvironment.read(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " ")).config().none())
        .isTrue();
    assertThat(read("OTEL_SDK_DISABLED", "TRUE").config().none()).isTrue();
    assertThat(
            read("OTEL_TRACES_EXPORTER", "none", "OTEL_METRICS_EXPORTER", "none").config().none())
        .isTrue();
  }

  @Test
  void defaults_are_the_specifications() {
    OtlpEnvironment.Read read = read();
    assertThat(read.warnings()).isEmpty();
    assertThat(traces(read).endpoint()).hasToString("http://collector:4318/v1/traces");
    assertThat(metrics(read).endpoint()).hasToString("http://collector:4318/v1/metrics");
    assertThat(traces(read).timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(read.config().interval()).isEqualTo(Duration.ofSeconds(60));
    assertThat(read.config().sampler()).isEqualTo(Sampler.DEFAULT);
    assertThat(read.config().resource()).containsEntry("service.name", "gatewright");
    assertThat(read.config().batches().spansMax()).isEqualTo(2048);
  }

  @Test
  void a_signal_may_have_its_own_address_which_is_taken_as_it_stands() {
    OtlpEnvironment.Read read =
        OtlpEnvironment.read(
            Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://traces.example/in?x=1"));
    assertThat(traces(read).endpoint()).hasToString("https://traces.example/in?x=1");
    assertThat(read.config().metrics()).isNull();
    assertThat(metrics(read("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://m:1")).endpoint())
        .hasToString("http://m:1/");
    assertThat(traces(read("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c/base/")).endpoint())
        .hasToString("http://c/base/v1/traces");
    assertThat(traces(read("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c/base")).endpoint())
        .hasToString("http://c/base/v1/traces");
  }

  @Test
  void an_exporter_that_is_named_goes_to_the_default_address() {
    OtlpEnvironment.Read read = OtlpEnvironment.read(Map.of("OTEL_TRACES_EXPORTER", "otlp"));
    assertThat(traces(read).endpoint()).hasToString("http://localhost:4318/v1/traces");
    assertThat(read.config().metrics()).isNull();
    assertThat(read("OTEL_METRICS_EXPORTER", "prometheus").config().metrics()).isNull();
    assertThat(read("OTEL_METRICS_EXPORTER", "prometheus").warnings()).isEmpty();
    assertThat(read("OTEL_METRICS_EXPORTER", "prometheus,otlp").config().metrics()).isNotNull();
  }

  @Test
  void headers_are_decoded_and_never_shown() {
    OtlpEnvironment.Read read =
        read(
            "OTEL_EXPORTER_OTLP_HEADERS",
            "Api-Key=s3cret%20x+y, x-tenant = acme ,broken,=none,bad name=s4cret,n=s5%zz,l=a%0Ab",
            "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
            "other=1");
    assertThat(traces(read).headers())
        .isEqualTo(Map.of("api-key", Secret.of("s3cret x+y"), "x-tenant", Secret.of("acme")));
    assertThat(metrics(read).headers()).isEqualTo(Map.of("other", Secret.of("1")));
    assertThat(read.warnings()).hasSize(5);
    assertThat(read.toString()).doesNotContain("s3cret", "s4cret", "s5");
  }

  @ParameterizedTest
  @CsvSource({
    "always_on,, false, 1",
    "always_off,, false, 0",
    "traceidratio, 0.25, false, 0.25",
    "parentbased_always_on,, true, 1",
    "parentbased_always_off,, true, 0",
    "parentbased_traceidratio, 0.5, true, 0.5",
    "traceidratio,, false, 1"
  })
  void samplers(String name, @Nullable String arg, boolean ofParent, double ratio) {
    OtlpEnvironment.Read read =
        read("OTEL_TRACES_SAMPLER", name, "OTEL_TRACES_SAMPLER_ARG", arg == null ? "" : arg);
    assertThat(read.config().sampler()).isEqualTo(new Sampler(ofParent, ratio));
    assertThat(read.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_SDK_DISABLED, maybe",
    "OTEL_TRACES_EXPORTER, zipkin",
    "OTEL_TRACES_SAMPLER, jaeger_remote",
    "OTEL_METRIC_EXPORT_INTERVAL, soon",
    "OTEL_METRIC_EXPORT_INTERVAL, 0",
    "OTEL_BSP_MAX_QUEUE_SIZE, 999999999",
    "OTEL_EXPORTER_OTLP_TIMEOUT, -1",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc",
    "OTEL_EXPORTER_OTLP_COMPRESSION, zstd",
    "OTEL_PROPAGATORS, b3",
    "OTEL_EXPORTER_OTLP_ENDPIONT, http://c"
  })
  void what_means_nothing_is_said_and_counts_as_not_given(String name, String value) {
    OtlpEnvironment.Read read = read(name, value);
    assertThat(read.warnings()).isNotEmpty().allMatch(warning -> warning.contains(name));
    assertThat(read.config()).isEqualTo(read().config());
  }

  @Test
  void a_ratio_out_of_bounds_is_said() {
    OtlpEnvironment.Read read =
        read("OTEL_TRACES_SAMPLER", "traceidratio", "OTEL_TRACES_SAMPLER_ARG", "1.5");
    assertThat(read.warnings()).hasSize(1);
    assertThat(read.config().sampler().ratio()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"collector:4318", "grpc://c:4317", "http://", "http://u:p@c", "http://a b"})
  void an_address_that_is_none_ends_the_start(String address) {
    assertThatThrownBy(() -> read("OTEL_EXPORTER_OTLP_ENDPOINT", address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://u:s3cret@c",
        "u:s3cret@c:4318",
        "htp://c/in?key=s3cret",
        "http://c /s?s3cret"
      })
  void no_credential_is_shown_of_an_address(String address) {
    assertThatThrownBy(() -> read("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", address))
        .hasMessageContaining("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void a_file_that_is_not_there_ends_the_start() {
    assertThatThrownBy(() -> read("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere.pem"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_CERTIFICATE");
  }

  @Test
  void the_resource_says_who_sends() {
    OtlpEnvironment.Read read =
        read(
            "OTEL_RESOURCE_ATTRIBUTES",
            "service.name=other,deployment.environment.name=prod%2Ceu",
            "OTEL_SERVICE_NAME",
            "gate");
    assertThat(read.config().resource())
        .containsEntry("service.name", "gate")
        .containsEntry("deployment.environment.name", "prod,eu");
  }
}
