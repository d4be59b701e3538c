package dev.gatewright.bench;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.StoreConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A gate on SQLite or on a PostgreSQL of its own, and how its store is reached past it.
///
/// @param postgres null = the store is SQLite's
record GateOnStore(GateUnderLoad gate, StoreConfig store, @Nullable EmbeddedPostgres postgres)
    implements AutoCloseable {
  static GateOnStore start(Options options, Path folder, MockProvider mock, Database.Kind kind)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    if (kind == Database.Kind.SQLITE) {
      GateUnderLoad gate = new GateUnderLoad(options.root(), folder, mock.port(), Map.of());
      return new GateOnStore(gate, StoreConfig.sqlite(folder.resolve("data")), null);
    }
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(folder.resolve("postgres").toFile())
            .setDataDirectory(folder.resolve("postgres-data"))
            .setServerConfig("max_wal_size", "4GB")
            .start();
    String url = Replicas.url(postgres);
    Map<String, String> environment =
        Map.of("DATABASE_URL", url, "GATEWRIGHT_MASTER_KEY", Replicas.masterKey());
    GateUnderLoad gate = new GateUnderLoad(options.root(), folder, mock.port(), environment);
    StoreConfig store =
        new StoreConfig(
            folder.resolve("data"),
            PostgresAddress.parse(Secret.of(url)),
            StoreConfig.CONNECTIONS_DEFAULT);
    return new GateOnStore(gate, store, postgres);
  }

  @Override
  public void close() throws IOException {
    gate.close();
    if (postgres != null) {
      postgres.close();
    }
  }
}
