package dev.gatewright;

import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.SqliteConnections;
import dev.gatewright.telemetry.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The run the launcher makes the start-up cache from (`gatewright aot-training`, not for people):
/// a whole server in a folder of its own, called the way a newcomer calls it, and the command line
/// talking to it. Nothing of it remains.
final class AotTraining {
  private static final int ROUNDS = 40;

  private AotTraining() {}

  static void run() throws IOException, InterruptedException {
    String natives = System.getProperty("gatewright.natives");
    if (natives != null) {
      Natives.unpack(Path.of(natives));
    }
    Path folder = Files.createTempDirectory("gatewright-aot");
    try {
      // A provider and a model, so that their settings' classes are met too.
      String yaml =
          """
          listen: { port: 0 }
          metrics: { port: 0 }
          providers: [{ id: openai, api-key: none }]
          models: [{ id: fast, targets: [openai/none] }]
          """;
      ConfigSources sources = ConfigSources.ofText(yaml).withFlag("data", folder.toString());
      SqliteConnections.load();
      try (Gatewright gatewright = Gatewright.start(sources, Time.system())) {
        call(gatewright);
        command(gatewright);
      }
      // Most starts find what an earlier one has left.
      try (Gatewright again = Gatewright.start(sources, Time.system())) {
        again.reloadNow();
      }
    } finally {
      remove(folder);
    }
  }

  private static void call(Gatewright gatewright) throws IOException, InterruptedException {
    Secret key = Objects.requireNonNull(gatewright.firstTestKey());
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int round = 0; round < ROUNDS; round++) {
        String body =
            """
            {"model":"sim/echo","stream":%s,"messages":[{"role":"user","content":"Hello"}]}\
            """
                .formatted(round % 2 == 1);
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(gatewright.url() + "/v1/chat/completions"))
                .header("authorization", "Bearer " + key.expose())
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        client.send(request, BodyHandlers.ofString());
      }
    }
  }

  private static void command(Gatewright gatewright) {
    Terminal terminal =
        new Terminal(
            new BufferedReader(Reader.nullReader()),
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()),
            Map.of(),
            false);
    String data = gatewright.dataFolder().toString();
    for (List<String> arguments :
        List.of(
            List.of("version"),
            List.of("keys", "create", "--name", "training", "--data", data),
            List.of("keys", "list", "--data", data),
            List.of("models", "--data", data),
            List.of("usage", "--data", data),
            List.of("--help"))) {
      GatewrightCommand.run(arguments, terminal, new Serve());
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
