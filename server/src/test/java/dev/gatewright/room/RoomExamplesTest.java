package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PailKit's own curl examples, only the origin replaced, through the whole gate to Daily's stub.
class RoomExamplesTest {
  private static final Path EXAMPLES = Path.of("../examples/rooms/curl.md");
  private static final String ORIGIN = "http://localhost:8080";
  private static final Pattern BLOCK = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
  private static final Pattern HEADER = Pattern.compile("-H \"([^:\"]+): ([^\"]*)\"");
  private static final Pattern DATA = Pattern.compile("-d '([^']*)'", Pattern.DOTALL);
  private static final Pattern REQUEST = Pattern.compile("curl -X (\\w+) (\\S+)");

  @TempDir private Path folder;

  @Test
  void every_example_answers_as_pailkit_said() throws IOException, InterruptedException {
    List<String> examples = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(EXAMPLES));
    while (block.find()) {
      examples.add(block.group(1));
    }
    assertThat(examples).hasSize(5);
    try (DailyStub daily = new DailyStub()) {
      daily.start();
      daily.rooms.put(
          "room-name-here",
          RoomJson.object()
              .put("id", "1")
              .put("name", "room-name-here")
              .put("url", "https://acme.daily.co/room-name-here"));
      try (Gatewright gate = gate(daily)) {
        for (String example : examples) {
          HttpResponse<String> answer = run(example, gate.url());
          assertThat(answer.statusCode()).as(example + answer.body()).isEqualTo(200);
          assertThat(answer.body()).contains("\"success\":true");
        }
      }
      assertThat(daily.rooms).hasSize(3).doesNotContainKey("room-name-here");
    }
  }

  private Gatewright gate(DailyStub daily) throws IOException {
    String yaml =
        """
        listen: { host: 127.0.0.1, port: 0 }
        metrics: { host: 127.0.0.1, port: 0 }
        rooms: { providers: { daily: { base-url: "%s/v1", allow-private: true } } }
        """
            .formatted(daily.url());
    return Gatewright.start(
        ConfigSources.ofText(yaml).withFlag("data", folder.toString()), Time.system());
  }

  private static HttpResponse<String> run(String example, String origin)
      throws IOException, InterruptedException {
    Matcher request = REQUEST.matcher(example);
    assertThat(request.find()).isTrue();
    Matcher data = DATA.matcher(example);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(request.group(2).replace(ORIGIN, origin)))
            .method(
                request.group(1),
                data.find() ? BodyPublishers.ofString(data.group(1)) : BodyPublishers.noBody());
    Matcher header = HEADER.matcher(example);
    while (header.find()) {
      builder.header(header.group(1), header.group(2).replace("daily_abc123xyz", DailyStub.KEY));
    }
    return HttpClient.newHttpClient().send(builder.build(), BodyHandlers.ofString());
  }
}
