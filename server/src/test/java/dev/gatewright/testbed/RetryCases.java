package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.SoftAssertions;

/// Errors that clients try again after, or do not: the provider counts how often each is asked for.
/// A model's name is `direct-NAME.CLIENT` or `gate-NAME.CLIENT`.
final class RetryCases {
  private static final String OBJECT =
      "{\"type\":\"error\",\"error\":{\"message\":\"no\",\"type\":\"t\",\"code\":null,\"param\":null}}";
  private static final String PAGE = "<html><body>no</body></html>";
  private static final String SOON = "retry-after-ms: 1";

  private record Fault(int status, String type, String body, List<String> headers) {
    Fault(int status, String type, String body, String... headers) {
      this(status, type, body, List.of(headers));
    }
  }

  private static final Map<String, Fault> FAULTS =
      Map.ofEntries(
          Map.entry("400-list", new Fault(400, "application/json", "[" + OBJECT + "]")),
          Map.entry(
              "400-again",
              new Fault(400, "application/json", OBJECT, "x-should-retry: true", SOON)),
          Map.entry("401", new Fault(401, "application/json", OBJECT)),
          Map.entry(
              "403-moderation",
              new Fault(
                  403, "application/json", OBJECT.replace("\"no\"", "\"Input was flagged\""))),
          Map.entry("404-page", new Fault(404, "text/html", PAGE)),
          Map.entry("409", new Fault(409, "application/json", OBJECT, SOON)),
          Map.entry("413-text", new Fault(413, "text/plain", "too long")),
          Map.entry("422", new Fault(422, "application/json", OBJECT)),
          Map.entry("429", new Fault(429, "application/json", OBJECT, SOON)),
          Map.entry("429-page", new Fault(429, "text/html", PAGE, SOON)),
          Map.entry(
              "429-never", new Fault(429, "application/json", OBJECT, "x-should-retry: false")),
          Map.entry("500", new Fault(500, "application/json", OBJECT, SOON)),
          Map.entry("500-never", new Fault(500, "text/plain", "no", "x-should-retry: false")),
          Map.entry("503-page", new Fault(503, "text/html", PAGE, SOON)),
          Map.entry("503-second", new Fault(503, "application/json", OBJECT, "retry-after: 1")),
          Map.entry("529", new Fault(529, "application/json", OBJECT, SOON)));

  private final String client;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  /// @param client whose names these are, so that no two clients share a circuit
  RetryCases(String client) {
    this.client = client;
  }

  List<String> names() {
    return FAULTS.keySet().stream().map(name -> name + "." + client).toList();
  }

  /// The provider's script.
  void answer(SeenRequest request, Wire wire) throws IOException {
    String model = request.json().path("model").asText();
    Fault fault = FAULTS.get(model.substring(model.indexOf('-') + 1, model.lastIndexOf('.')));
    if (fault == null) {
      throw new IOException("no such case: " + model);
    }
    asked.merge(request.path() + " " + model, 1, Integer::sum);
    wire.reply(
        fault.status(),
        fault.type(),
        fault.body().getBytes(StandardCharsets.UTF_8),
        fault.headers().toArray(String[]::new));
  }

  /// Through the gate every case was asked for as often as past it.
  ///
  /// @param path of the provider
  void check(String path) {
    SoftAssertions all = new SoftAssertions();
    List<Integer> counts = new ArrayList<>();
    for (String name : names()) {
      Integer direct = asked.get(path + " direct-" + name);
      all.assertThat(asked.get(path + " gate-" + name)).as(path + " " + name).isEqualTo(direct);
      all.assertThat(direct).as(path + " " + name + " direct").isNotNull();
      counts.add(direct == null ? 0 : direct);
    }
    all.assertAll();
    // Some are tried again and some are not, or the test says nothing.
    assertThat(counts).contains(1, 3);
  }
}
