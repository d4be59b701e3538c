package dev.gatewright.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Three gates on one PostgreSQL, on this machine as well: callers are spread over them evenly.
final class Replicas implements AutoCloseable {
  private static final int COUNT = 3;

  private final EmbeddedPostgres postgres;
  private final List<GateUnderLoad> gates = new ArrayList<>();
  private final String key;

  Replicas(Path root, Path folder, int providerPort) throws IOException, InterruptedException {
    postgres =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(folder.resolve("postgres").toFile())
            .setDataDirectory(folder.resolve("postgres-data"))
            .start();
    Map<String, String> environment =
        Map.of("DATABASE_URL", url(postgres), "GATEWRIGHT_MASTER_KEY", masterKey());
    for (int i = 0; i < COUNT; i++) {
      gates.add(new GateUnderLoad(root, folder.resolve("gate-" + i), providerPort, environment));
    }
    key = gates.getFirst().mint();
  }

  Target target() {
    List<Target> each = gates.stream().map(gate -> gate.target("gate", key)).toList();
    return new Target(
        COUNT + " replicas",
        each.stream().flatMap(one -> one.smallPorts().stream()).toList(),
        each.stream().flatMap(one -> one.streamPorts().stream()).toList(),
        each.stream().flatMap(one -> one.processes().stream()).toList(),
        key,
        () -> {
          for (Target one : each) {
            one.settle().await();
          }
        });
  }

  static String url(EmbeddedPostgres postgres) {
    return "postgresql://postgres:postgres@localhost:%d/postgres".formatted(postgres.getPort());
  }

  static String masterKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() throws IOException {
    gates.forEach(GateUnderLoad::close);
    postgres.close();
  }
}
