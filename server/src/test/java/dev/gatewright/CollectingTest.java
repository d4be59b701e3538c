package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.telemetry.Time;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of telemetry an operator sees: a start that is refused, meters, and the page about both.
class CollectingTest {
  @TempDir Path folder;

  private ConfigSources sources(Map<String, String> environment) {
    return ConfigSources.ofText("listen: { port: 0 }\nmetrics: { port: 0 }\n", environment)
        .withFlag("data", folder.toString());
  }

  @Test
  void an_address_that_is_none_ends_the_start_before_anything_is_touched() {
    Map<String, String> wrong = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318");
    assertThatThrownBy(() -> Gatewright.start(sources(wrong), Time.system()).close())
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_ENDPOINT: collector:4318");
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(() -> new Serve().judge(sources(wrong))).isInstanceOf(InvalidSetting.class);
  }

  @Test
  void a_certificate_that_is_none_ends_the_start() throws Exception {
    Path file = Files.writeString(folder.resolve("no.pem"), "no certificate");
    Map<String, String> wrong =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "https://127.0.0.1:1",
            "OTEL_EXPORTER_OTLP_CERTIFICATE",
            file.toString());
    assertThatThrownBy(() -> Gatewright.start(sources(wrong), Time.system()).close())
        .isInstanceOf(InvalidSetting.class);
  }

  @Test
  void the_page_names_the_meters_of_spans_and_every_variable() throws Exception {
    String page = Files.readString(Path.of("../docs/operating/telemetry.md"));
    try (Gatewright gate =
            Gatewright.start(
                sources(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")),
                Time.system());
        HttpClient client = HttpClient.newHttpClient()) {
      String shown =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + gate.metricsPort() + "/metrics"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      Set<String> spans = found(shown, "(?m)^# TYPE (gatewright_spans_[a-z_]+) ");
      assertThat(spans).hasSize(3);
      assertThat(found(page, "`(gatewright_spans_[a-z_]+)`")).isEqualTo(spans);
    }
    Set<String> read = new TreeSet<>();
    for (String file : new String[] {"OtlpEnvironment", "OtlpSignal"}) {
      Path source = Path.of("src/main/java/dev/gatewright/otlp/" + file + ".java");
      read.addAll(found(Files.readString(source), "\"(OTEL_[A-Z_]+[A-Z])\""));
    }
    assertThat(read).isNotEmpty().allMatch(page::contains);
  }

  /// The names of the conventions may change: they stand in one place, and on the page.
  @Test
  void the_page_names_every_attribute() throws Exception {
    String page = Files.readString(Path.of("../docs/operating/telemetry.md"));
    Path source = Path.of("src/main/java/dev/gatewright/telemetry/trace/Conventions.java");
    Set<String> names = found(Files.readString(source), "= \"([a-z_.]+)\";");
    assertThat(names).hasSizeGreaterThan(20).allMatch(name -> page.contains("`" + name + "`"));
  }

  private static Set<String> found(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(each -> each.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
