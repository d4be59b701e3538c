package dev.gatewright.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a browser gets at `/console`, `/go` and `/`.
class ConsoleTest {
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Gatewright gate;

  @BeforeEach
  void start() throws IOException {
    gate =
        Gatewright.start(
            ConfigSources.ofText("listen: { host: 127.0.0.1, port: 0 }\nmetrics: { port: 0 }\n")
                .withFlag("data", folder.resolve("data").toString()),
            Time.system());
  }

  @AfterEach
  void stop() {
    client.close();
    gate.close();
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gate.url() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void every_address_of_a_view_is_the_page_and_nothing_of_it_may_come_from_elsewhere()
      throws Exception {
    for (String path : new String[] {"/console/", "/console/setup", "/console/o/org_1/keys"}) {
      HttpResponse<byte[]> page = get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(header(page, "content-type")).startsWith("text/html");
      assertThat(header(page, "cache-control")).isEqualTo("no-store");
      assertThat(header(page, "content-security-policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for")
          .doesNotContain("unsafe");
      assertThat(new String(page.body(), StandardCharsets.UTF_8))
          .contains("<div id=\"root\">")
          .doesNotContain("<style", "onload=", "http://", "https://");
    }
  }

  @Test
  void dashboard_on_127_redirects_to_localhost() throws Exception {
    String base = gate.url().replace("127.0.0.1", "localhost");
    for (String path : new String[] {"/console/", "/console/setup", "/console/o/org_1/keys?q=1"}) {
      HttpResponse<byte[]> page = get(path, "accept", "text/html,*/*;q=0.8");
      assertThat(page.statusCode()).as(path).isEqualTo(302);
      assertThat(header(page, "location")).isEqualTo(base + path);
    }
    // Nothing but pages moves, and only away from the address.
    assertThat(get("/console/gate.svg").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> there =
        client.send(
            HttpRequest.newBuilder(URI.create(base + "/console/"))
                .header("accept", "text/html")
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(there.statusCode()).isEqualTo(200);
  }

  @Test
  void its_files_are_compressed_once_and_kept_for_ever() throws Exception {
    ConsoleFiles files = ConsoleFiles.read();
    assertThat(files.missing()).as("built into the jar").isFalse();
    for (String name : files.names()) {
      if (!name.startsWith("assets/")) {
        continue;
      }
      HttpResponse<byte[]> gzip = get("/console/" + name, "accept-encoding", "gzip");
      assertThat(gzip.statusCode()).as(name).isEqualTo(200);
      assertThat(header(gzip, "cache-control")).contains("immutable");
      assertThat(header(gzip, "content-encoding")).isEqualTo("gzip");
      byte[] plain = get("/console/" + name).body();
      assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
          .isEqualTo(plain);
      HttpResponse<byte[]> brotli = get("/console/" + name, "accept-encoding", "gzip, br");
      assertThat(header(brotli, "content-encoding")).isEqualTo("br");
      assertThat(brotli.body().length).isLessThan(gzip.body().length + 1);
    }
    HttpResponse<byte[]> refusing = get("/console/", "accept-encoding", "br;q=0, GZIP;q=0.5");
    assertThat(header(refusing, "content-encoding")).isEqualTo("gzip");
    assertThat(get("/console/assets/none.js").statusCode()).isEqualTo(404);
  }

  @Test
  void browsers_are_led_there_and_programs_are_not() throws Exception {
    HttpResponse<byte[]> browser = get("/", "accept", "text/html,application/xhtml+xml");
    assertThat(browser.statusCode()).isEqualTo(302);
    assertThat(header(browser, "location")).isEqualTo("/console/");
    assertThat(get("/").statusCode()).isEqualTo(200);
    assertThat(header(get("/console"), "location")).isEqualTo("/console/");
    assertThat(header(get("/go/req_1"), "location")).isEqualTo("/console/go/req_1");
  }
}
