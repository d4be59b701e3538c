package dev.gatewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.Settings.InvalidSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
  @ParameterizedTest
  @CsvSource({"512, 512", "64B, 64", "32KiB, 32768", "20MiB, 20971520", "1GiB, 1073741824", "0, 0"})
  void reads_bytes_with_their_unit(String text, long expected) {
    assertThat(SettingsFile.parse("a: " + text).bytes("a", 1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "5s, 5000", "2m, 120000", "1h, 3600000", "30d, 2592000000"})
  void reads_durations_with_their_unit(String text, long expectedMillis) {
    assertThat(SettingsFile.parse("a: " + text).duration("a", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(expectedMillis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"20MB", "-1", "1.5GiB", "many", "20 000", "99999999999999999999"})
  void names_value_and_expectation_of_bad_bytes(String text) {
    assertThatThrownBy(() -> SettingsFile.parse("a: " + text).bytes("a", 1))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("gatewright.yaml: a: ")
        .hasMessageContaining("expected: bytes such as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5s", "5", "5sec", "1.5s", "s"})
  void names_value_and_expectation_of_bad_durations(String text) {
    assertThatThrownBy(() -> SettingsFile.parse("a: " + text).duration("a", Duration.ZERO))
        .hasMessage(
            "gatewright.yaml: a: %s (expected: a duration such as 500ms, 5s, 2m, 1h or 30d)"
                .formatted(text));
  }

  @Test
  void flag_wins_over_environment_over_file_over_default() {
    String yaml = "listen: { port: 1 }";
    Map<String, String> environment = Map.of("GATEWRIGHT_LISTEN_PORT", "2", "PORT", "4");
    Map<String, String> flags = Map.of("listen.port", "3");
    assertThat(port(SettingsFile.parse("{}"))).isEqualTo(8080);
    assertThat(port(SettingsFile.parse(yaml))).isEqualTo(1);
    assertThat(port(SettingsFile.parse(yaml, Map.of("PORT", "4"), Map.of()))).isEqualTo(4);
    assertThat(port(SettingsFile.parse(yaml, environment, Map.of()))).isEqualTo(2);
    assertThat(port(SettingsFile.parse(yaml, environment, flags))).isEqualTo(3);
  }

  @Test
  void port_of_platform_without_host_listens_everywhere() {
    Map<String, String> platform = Map.of("PORT", "9000");
    assertThat(host("", platform, Map.of())).isEqualTo("0.0.0.0");
    assertThat(host("", Map.of(), Map.of())).isEqualTo("127.0.0.1");
    assertThat(host("listen: { host: '::1' }", platform, Map.of())).isEqualTo("::1");
    assertThat(host("", platform, Map.of("listen.host", "10.0.0.1"))).isEqualTo("10.0.0.1");
    assertThat(host("", Map.of("PORT", "1", "GATEWRIGHT_LISTEN_PORT", "2"), Map.of()))
        .isEqualTo("127.0.0.1");
  }

  @Test
  void database_and_redis_addresses_come_from_the_platforms_variables() {
    Settings settings =
        SettingsFile.parse(
            "", Map.of("DATABASE_URL", "postgresql://x/y", "REDIS_URL", ""), Map.of());
    assertThat(settings.textOrNull("database-url")).isEqualTo("postgresql://x/y");
    assertThat(settings.textOrNull("redis-url")).isNull();
  }

  /// YAML itself takes some of these for truth values and for numbers that are written otherwise.
  @Test
  void text_is_what_stands_there() {
    Settings settings =
        SettingsFile.parse(
            """
            billing: { credits: off }
            models: [1.10, on, 007, "x"]
            price: 0.0000001
            map: { a: 1.50, no: yes }
            many: 1_000
            decimal: 0100
            """);
    assertThat(settings.section("billing").text("credits", "")).isEqualTo("off");
    assertThat(settings.texts("models")).containsExactly("1.10", "on", "007", "x");
    assertThat(settings.text("price", "")).isEqualTo("0.0000001");
    assertThat(settings.map("map"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "1.50", "no", "yes"));
    assertThat(settings.integer("many", 0, 0, 9_999)).isEqualTo(1000);
    assertThat(settings.integer("decimal", 0, 0, 9_999)).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "on,true", "Yes,true", "false,false", "off,false", "no,false"})
  void flag_takes_the_words_of_yaml(String word, boolean expected) {
    assertThat(SettingsFile.parse("a: " + word).flag("a", !expected)).isEqualTo(expected);
  }

  @Test
  void references_stand_for_variables_inside_texts() {
    Settings settings =
        SettingsFile.parse(
            "key: ${LOCAL_KEY}\nurl: http://${HOST}:${NR}/v1\nlist: ['${HOST}']",
            Map.of("LOCAL_KEY", "s$cret", "HOST", "a", "NR", "1"),
            Map.of());
    assertThat(Objects.requireNonNull(settings.secret("key")).expose()).isEqualTo("s$cret");
    assertThat(settings.text("url", "")).isEqualTo("http://a:1/v1");
    assertThat(settings.texts("list")).containsExactly("a");
  }

  @Test
  void unset_reference_stops_the_start_and_is_named() {
    assertThatThrownBy(() -> SettingsFile.parse("providers: [{api-key: '${LOCAL_KEY}'}]"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage(
            "gatewright.yaml: providers[0].api-key: ${LOCAL_KEY} is not set in the environment"
                + " (expected: a variable that is set)");
  }

  @Test
  void message_repeats_the_reference_never_its_content() {
    Settings settings = SettingsFile.parse("a: ${KEY}", Map.of("KEY", "hush"), Map.of());
    assertThatThrownBy(() -> settings.integer("a", 1, 1, 9))
        .hasMessageContaining("${KEY}")
        .hasMessageNotContaining("hush");
  }

  @Test
  void secret_comes_from_a_file_without_its_line_end(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("k"), "abc\n");
    Settings settings = SettingsFile.parse("a: file:" + file + "\nb: ['file:" + file + "', x]");
    assertThat(Objects.requireNonNull(settings.secret("a")).expose()).isEqualTo("abc");
    assertThat(settings.secrets("b")).extracting(s -> s.expose()).containsExactly("abc", "x");
    assertThat(settings.secret("none")).isNull();
  }

  @Test
  void missing_secret_file_is_named() {
    assertThatThrownBy(() -> SettingsFile.parse("a: file:/none/here").secret("a"))
        .hasMessageContaining("file:/none/here");
  }

  @Test
  void unknown_key_names_file_path_and_nearest() {
    Settings settings = SettingsFile.parse("limits: { bdoy: 1 }");
    settings.section("limits").bytes("body", 1);
    settings.section("limits").bytes("header", 1);
    assertThatThrownBy(settings::rejectUnknown)
        .hasMessage(
            "gatewright.yaml: limits.bdoy is not a known key; the nearest known key is"
                + " limits.body");
  }

  @Test
  void unknown_variable_of_our_name_names_the_nearest() {
    String yaml = "limits: { body: 1 }\nname: ${GATEWRIGHT_MY_NAME}";
    Settings settings =
        SettingsFile.parse(
            yaml, Map.of("GATEWRIGHT_LIMITS_BDOY", "2", "GATEWRIGHT_MY_NAME", "n"), Map.of());
    settings.section("limits").bytes("body", 1);
    settings.text("name", "");
    assertThatThrownBy(settings::rejectUnknown)
        .hasMessage(
            "GATEWRIGHT_LIMITS_BDOY is not a known variable; the nearest known one is"
                + " GATEWRIGHT_LIMITS_BODY");
    Map<String, String> known =
        Map.ofEntries(
            Map.entry("GATEWRIGHT_LIMITS_BODY", "2"),
            Map.entry("GATEWRIGHT_MY_NAME", "n"),
            Map.entry("GATEWRIGHT_JAVA_OPTS", "-Xmx1g"),
            Map.entry("GATEWRIGHT_URL", "http://a"),
            Map.entry("OTHER_BDOY", "1"),
            // A Kubernetes service of this name tells every container of its namespace.
            Map.entry("GATEWRIGHT_SERVICE_HOST", "10.0.0.1"),
            Map.entry("GATEWRIGHT_SERVICE_PORT_HTTP", "80"),
            Map.entry("GATEWRIGHT_PORT", "tcp://10.0.0.1:80"),
            Map.entry("GATEWRIGHT_PORT_80_TCP_ADDR", "10.0.0.1"),
            Map.entry("GATEWRIGHT_STAGING_SERVICE_PORT", "80"));
    Settings good = SettingsFile.parse(yaml, known, Map.of());
    good.section("limits").bytes("body", 1);
    good.text("name", "");
    good.rejectUnknown();
  }

  @Test
  void unknown_key_in_a_list_and_at_the_top_is_found() {
    Settings settings = SettingsFile.parse("models: [{id: a}, {id: b, target: c}]\nlisten: {}");
    settings.list("models").forEach(model -> model.text("id", ""));
    settings.list("models").forEach(model -> model.texts("targets"));
    settings.section("listen");
    assertThatThrownBy(settings::rejectUnknown).hasMessageContaining("models[1].target is not");
    Settings top = SettingsFile.parse("listn: { port: 1 }");
    top.section("listen").integer("port", 1, 0, 9);
    assertThatThrownBy(top::rejectUnknown).hasMessageContaining("nearest known key is listen");
  }

  @Test
  void everything_asked_for_is_known() {
    Settings settings = SettingsFile.parse("a: { b: 1 }\nm: { x: y }\nl: [ q ]\nn:\n");
    settings.section("a").integer("b", 1, 1, 1);
    assertThat(settings.map("m")).containsExactly(Map.entry("x", "y"));
    assertThat(settings.texts("l")).containsExactly("q");
    assertThat(settings.textOrNull("n")).isNull();
    settings.rejectUnknown();
  }

  @Test
  void lists_of_texts_may_be_one_text_or_a_comma_separated_variable() {
    assertThat(SettingsFile.parse("a: x").texts("a")).containsExactly("x");
    assertThat(SettingsFile.parse("", Map.of("GATEWRIGHT_A", "x, y,"), Map.of()).texts("a"))
        .containsExactly("x", "y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: [1]|integer|expected: a whole number from 1 to 9",
        "a: 10|integer|gatewright.yaml: a: 10 (expected: a whole number from 1 to 9)",
        "a: yes please|flag|expected: true or false",
        "a: 5|section|expected: a mapping",
        "a: {}|list|expected: a list of mappings",
        "a: [x]|list|a[0]",
        "a: {b: []}|map|a.b",
        "a: [[]]|texts|expected: a list of texts",
      })
  void names_what_does_not_fit(String yaml, String as, String message) {
    Settings settings = SettingsFile.parse(yaml);
    assertThatThrownBy(
            () -> {
              switch (as) {
                case "integer" -> settings.integer("a", 1, 1, 9);
                case "flag" -> settings.flag("a", true);
                case "section" -> settings.section("a");
                case "list" -> settings.list("a");
                case "map" -> settings.map("a");
                default -> settings.texts("a");
              }
            })
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: [", "- 1", "a: 1\na: 2", "text"})
  void refuses_what_is_not_a_mapping(String yaml) {
    assertThatThrownBy(() -> SettingsFile.parse(yaml))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageStartingWith("gatewright.yaml: ");
  }

  private static int port(Settings settings) {
    return settings.section("listen").integer("port", 8080, 0, 65535);
  }

  private static String host(
      String yaml, Map<String, String> environment, Map<String, String> flags) {
    return SettingsFile.parse(yaml, environment, flags).section("listen").text("host", "127.0.0.1");
  }
}
