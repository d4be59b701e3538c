package dev.gatewright.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.testbed.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gatewright doctor` finds what is planted, and says what to do.
class DoctorTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  private Path data() {
    return folder.resolve("data");
  }

  /// @return `status` of each check by its id; each that is no `ok` says what to do or why not
  private Map<String, String> doctor(String yaml, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("gatewright.yaml"), yaml);
    List<String> words = new ArrayList<>();
    words.addAll(List.of("doctor", "--json", "--config", file.toString()));
    words.addAll(List.of("--data", data().toString()));
    words.addAll(List.of(more));
    StringWriter out = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(Reader.nullReader()),
            new PrintWriter(out),
            new PrintWriter(Writer.nullWriter()),
            environment,
            false);
    int code = GatewrightCommand.run(words, terminal, new Judging());
    Map<String, String> found = new HashMap<>();
    for (JsonNode check : JSON.readTree(out.toString()).get("checks")) {
      String status = check.get("status").asText();
      found.put(check.get("id").asText(), status);
      assertThat(check.get("message").asText()).isNotBlank();
      boolean ill = status.equals("warning") || status.equals("error");
      assertThat(check.get("do").isNull()).as("%s", check).isEqualTo(!ill);
    }
    assertThat(code).as("%s", found).isEqualTo(found.containsValue("error") ? 1 : 0);
    return found;
  }

  private void made() {
    Stores.migrate(StoreConfig.sqlite(DataFolder.of(data()).path()));
  }

  @Test
  void finds_nothing_wrong_with_a_folder_that_is_not_there_yet() throws IOException {
    assertThat(doctor("listen: { port: 0 }"))
        .containsEntry("config", "ok")
        .containsEntry("data-folder", "skipped")
        .containsEntry("master-key", "skipped")
        .containsEntry("store", "skipped")
        .containsEntry("server", "skipped")
        .doesNotContainValue("error");
  }

  @Test
  void finds_a_configuration_that_does_not_fit() throws IOException {
    assertThat(doctor("planes: nonsense")).containsEntry("config", "error");
    assertThat(doctor("planes: [")).containsEntry("config", "error");
    assertThat(doctor("listen: { port: 99999 }")).containsEntry("config", "error");
  }

  @Test
  void finds_a_file_in_the_folders_place() throws IOException {
    Files.writeString(data(), "");
    assertThat(doctor("listen: { port: 0 }")).containsEntry("data-folder", "error");
  }

  @Test
  void finds_a_store_without_its_master_key_or_with_one_that_others_read() throws IOException {
    made();
    assertThat(doctor("listen: { port: 0 }"))
        .containsEntry("store", "ok")
        .containsEntry("master-key", "error");
    Path key = Files.writeString(data().resolve("master.key"), "x");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor("listen: { port: 0 }")).containsEntry("master-key", "error");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThat(doctor("listen: { port: 0 }")).containsEntry("master-key", "error");
    Files.writeString(key, "OGYyYzFiZTA5ZDdhNDM1NjlhMWZmZTIwYzRiN2Q5ZTE");
    assertThat(doctor("listen: { port: 0 }")).containsEntry("master-key", "ok");
    environment.put("GATEWRIGHT_MASTER_KEY", Files.readString(key));
    Files.delete(key);
    assertThat(doctor("listen: { port: 0 }")).containsEntry("master-key", "ok");
  }

  @Test
  void finds_a_store_that_is_none() throws IOException {
    made();
    Files.writeString(data().resolve("gatewright.db"), "this is no database, but long".repeat(99));
    assertThat(doctor("listen: { port: 0 }")).containsEntry("store", "error");
  }

  @Test
  void finds_migrations_that_wait() throws IOException {
    DataFolder.of(data());
    Files.createFile(data().resolve("gatewright.db"));
    assertThat(doctor("listen: { port: 0 }")).containsEntry("store", "warning");
  }

  @Test
  void finds_a_postgres_that_is_away_and_has_no_key() throws IOException {
    assertThat(doctor("database-url: postgresql://u:p@127.0.0.1:1/none"))
        .containsEntry("store", "error")
        .containsEntry("master-key", "error");
  }

  @Test
  void finds_a_certificate_that_cannot_be_shown() throws IOException {
    assertThat(doctor("listen: { port: 0 }")).containsEntry("certificate", "skipped");
    String tls =
        "listen: { port: 0, tls: { certificate: %1$s/server.crt, key: %1$s/server.key } }"
            .formatted(folder);
    assertThat(doctor(tls)).containsEntry("certificate", "error");
    TestCertificate certificate = TestCertificate.SHARED.write(folder);
    Path key = folder.resolve("server.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor(tls)).containsEntry("certificate", "warning");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertThat(doctor(tls)).containsEntry("certificate", "ok");
    Instant end = certificate.certificate().getNotAfter().toInstant();
    assertThat(certificate(tls, end.minus(Duration.ofDays(13)))).isEqualTo("warning");
    assertThat(certificate(tls, end.plusSeconds(1))).isEqualTo("error");
    assertThat(certificate(tls, end.minus(Duration.ofDays(999)))).isEqualTo("error");
    Files.writeString(key, TestCertificate.make("EC").keyPem());
    assertThat(doctor(tls)).containsEntry("certificate", "error");
    assertThat(doctor("listen: { port: 0, tls: { key: x } }"))
        .doesNotContainEntry("certificate", "ok");
  }

  private static String certificate(String yaml, Instant now) {
    return CertificateCheck.of(ConfigSources.ofText(yaml).loadUnchecked(), now).status().word();
  }

  @Test
  void finds_a_port_that_is_taken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(doctor("listen: { port: %d }".formatted(taken.getLocalPort())))
          .containsEntry("port", "error");
    }
  }

  @Test
  void finds_a_server_that_went_without_a_word_and_a_file_that_is_none() throws IOException {
    DataFolder.of(data());
    Path file = data().resolve("server.json");
    Files.writeString(
        file,
        """
        {"url":"http://127.0.0.1:1","pid":1,"instance":"ins_x","admin_key":"x"}\
        """);
    assertThat(doctor("listen: { port: 0 }")).containsEntry("server", "warning");
    Files.writeString(file, "{");
    assertThat(doctor("listen: { port: 0 }")).containsEntry("server", "error");
  }

  @Test
  void finds_a_header_that_counts_from_nobody() throws IOException {
    assertThat(doctor("client-address: cf-connecting-ip"))
        .containsEntry("client-address", "warning");
    assertThat(doctor("client-address: cf-connecting-ip\ntrusted-proxies: [127.0.0.1/32]"))
        .containsEntry("client-address", "ok");
  }

  @Test
  void finds_a_provider_that_is_away_when_asked() throws IOException {
    try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String yaml =
          """
          providers:
            - { id: away, dialect: openai, base-url: "http://127.0.0.1:1/v1", api-key: "${NOT_SET_HERE}" }
            - { id: there, dialect: openai, base-url: "http://127.0.0.1:%d/v1", api-key: x }
          """
              .formatted(there.getLocalPort());
      assertThat(doctor(yaml)).doesNotContainKey("network.away");
      assertThat(doctor(yaml, "--network"))
          .containsEntry("network.away", "error")
          .containsEntry("network.there", "ok");
    }
  }

  @Test
  void finds_too_much_memory_and_too_few_files() {
    assertThat(MachineChecks.memory(256 << 20, 256 << 20, 448 << 20).status())
        .isEqualTo(Finding.Status.WARNING);
    assertThat(MachineChecks.memory(256 << 20, 80 << 20, 64 << 20).status())
        .isEqualTo(Finding.Status.OK);
    assertThat(MachineChecks.files(1_000_000_000).status()).isEqualTo(Finding.Status.WARNING);
  }

  @Test
  void finds_a_clock_that_is_off_a_store_that_forgets_and_one_that_is_full() {
    assertThat(StoreChecks.clock(1_999).status()).isEqualTo(Finding.Status.OK);
    assertThat(StoreChecks.clock(-2_001).status()).isEqualTo(Finding.Status.WARNING);
    assertThat(StoreChecks.fsync(true).status()).isEqualTo(Finding.Status.OK);
    assertThat(StoreChecks.fsync(false).status()).isEqualTo(Finding.Status.ERROR);
    assertThat(StoreChecks.connections(11).status()).isEqualTo(Finding.Status.OK);
    assertThat(StoreChecks.connections(10).status()).isEqualTo(Finding.Status.WARNING);
    assertThat(StoreChecks.pooler(true).status()).isEqualTo(Finding.Status.ERROR);
  }

  /// Judges by what is cheap to judge here; the server's own judgement has its own tests.
  private static final class Judging implements Installation {
    @Override
    public void judge(ConfigSources sources) {
      String planes = sources.loadUnchecked().text("planes", "both");
      sources.loadUnchecked().section("listen").integer("port", 8080, 0, 65535);
      if (!planes.equals("both")) {
        throw new InvalidSetting("planes: " + planes);
      }
    }

    @Override
    public String version() {
      return "test";
    }

    @Override
    public int serve(Map<String, String> flags, Terminal terminal) {
      return 0;
    }
  }
}
