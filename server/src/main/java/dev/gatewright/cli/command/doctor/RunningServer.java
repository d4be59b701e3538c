package dev.gatewright.cli.command.doctor;

import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerFile;
import dev.gatewright.platform.doctor.Finding;
import dev.gatewright.store.StoreConfig;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;

/// The server that runs on the installation, seen from outside of it. Blocks. Stateless.
final class RunningServer {
  private RunningServer() {}

  /// Whether a server of this installation answers, and how it does.
  static Finding look(StoreConfig store) {
    String id = "server";
    ServerFile file;
    try {
      file = ServerFile.read(store.dataFolder());
    } catch (IOException unreadable) {
      file = null;
    }
    if (file == null) {
      return Files.exists(store.dataFolder().resolve("server.json"))
          ? Finding.error(
              id,
              "server.json in the data folder is not what a server writes.",
              "Remove it while no server runs; the next start writes it.")
          : Finding.skipped(id, "None runs on this data folder.");
    }
    try {
      HttpResponse<String> answer = GateClient.health(file);
      return answer.statusCode() == 200 && !answer.body().contains("\"warnings\"")
          ? Finding.ok(id, file.url())
          : Finding.warning(
              id, "%s says: %s".formatted(file.url(), answer.body()), "Do what it says.");
    } catch (IOException away) {
      return Finding.warning(
          id,
          "server.json names %s, where nobody answers.".formatted(file.url()),
          "Start it: gatewright serve. It has ended without a word if nobody stopped it.");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Finding.skipped(id, "Interrupted.");
    }
  }
}
