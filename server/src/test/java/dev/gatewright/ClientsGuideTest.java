package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/guides/clients.md: each client's address leads to an endpoint of the gate, and each says
/// how it was tried.
class ClientsGuideTest {
  private static final Path PAGE = Path.of("../docs/guides/clients.md");
  private static final Path TESTS = Path.of("src/test/java");

  /// `Tried: HOW. Calls `METHOD PATH`, adding `END`.`, the end being what the client itself adds.
  private static final Pattern TRIED =
      Pattern.compile("(?m)^Tried: (.+)\\. Calls `([A-Z]+) (/\\S+)`(?:, adding `(/\\S+)`)?\\.$");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w+\n(.*?)^```$");
  private static final Pattern ADDRESS = Pattern.compile("https://gate([\\w/]*)");

  @TempDir Path folder;

  private record Client(String name, String text) {
    /// Groups: how, method, path, what the client adds to its base URL (null: nothing).
    Matcher tried() {
      Matcher line = TRIED.matcher(text);
      assertThat(line.find()).describedAs("%s says how it was tried", name).isTrue();
      return line;
    }

    /// The addresses in its code, without the gate's own.
    List<String> bases() {
      return BLOCK
          .matcher(text)
          .results()
          .flatMap(block -> ADDRESS.matcher(block.group(1)).results())
          .map((MatchResult address) -> address.group(1))
          .toList();
    }
  }

  @Test
  void each_client_says_how_it_was_tried_and_its_tests_exist() throws Exception {
    List<String> tests;
    try (Stream<Path> files = Files.walk(TESTS)) {
      tests = files.map(file -> file.getFileName().toString()).toList();
    }
    for (Client client : clients()) {
      String how = client.tried().group(1);
      List<String> named =
          Pattern.compile("`(\\w+Test)`")
              .matcher(how)
              .results()
              .map((MatchResult test) -> test.group(1) + ".java")
              .toList();
      assertThat(tests).describedAs(client.name()).containsAll(named);
      assertThat(how)
          .describedAs(client.name())
          .matches(
              named.isEmpty() ? "no; from its documentation|by hand, .*\\d+\\.\\d+.*" : "by `.*");
    }
  }

  @Test
  void each_clients_address_leads_to_an_endpoint() throws Exception {
    ConfigSources sources =
        ConfigSources.ofText(
                """
                listen: { port: 0 }
                metrics: { port: 0 }
                services:
                  - id: chat
                    preset: ollama
                    instances: ["http://127.0.0.1:9"]
                """)
            .withFlag("data", folder.toString());
    try (Gatewright gate = Gatewright.start(sources, Time.system());
        HttpClient http = HttpClient.newHttpClient()) {
      // What does not exist is told apart from what wants a key.
      assertThat(status(http, gate, "POST", "/v1/chat/completion")).isEqualTo(404);
      for (Client client : clients()) {
        Matcher tried = client.tried();
        String path = tried.group(3);
        String added = Objects.requireNonNullElse(tried.group(4), "");
        assertThat(status(http, gate, tried.group(2), path))
            .describedAs("%s: %s", client.name(), path)
            .isEqualTo(401);
        assertThat(client.bases())
            .describedAs(client.name())
            .isNotEmpty()
            .allSatisfy(base -> assertThat(base + added).isEqualTo(path));
      }
    }
  }

  private static int status(HttpClient http, Gatewright gate, String method, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gate.url() + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString("{}"))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static List<Client> clients() throws IOException {
    List<Client> clients = new ArrayList<>();
    for (String section : Files.readString(PAGE).split("(?m)^### ")) {
      String[] parts = section.split("\n", 2);
      clients.add(new Client(parts[0], parts[1]));
    }
    clients.removeFirst(); // what stands above the first client
    assertThat(clients).hasSizeGreaterThanOrEqualTo(20);
    return clients;
  }
}
