package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A full disk: new calls get 503, `/health` says why, nothing that was counted is lost, and all is
/// well again when there is room. The data folder is a small file system in a mount namespace.
@Tag("system")
class FullDiskTest {
  private static final String CALL = "{\"model\":\"fast\",\"messages\":[]}";

  @TempDir Path folder;

  @Test
  void refuses_new_calls_says_so_and_recovers() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      GateSetup setup = GateSetup.usual(folder, provider);
      Files.createDirectories(setup.data());
      setup.wrapper(
          "unshare",
          "--map-root-user",
          "--user",
          "--mount",
          "sh",
          "-c",
          "mount -t tmpfs -o size=32m,mode=0700 none '%s' && exec \"$@\"".formatted(setup.data()),
          "sh");
      try (ChildGate gate = ChildGate.start(setup)) {
        String key = gate.admin().liveKey("full").key();
        int counted = calls(gate, key, 20);
        assertThat(counted).isEqualTo(20);
        Path filler = gate.data().resolve("filler");
        fill(filler);
        Await.until(
            "a refused call",
            Duration.ofSeconds(20),
            () -> {
              try (RawClient caller = gate.caller()) {
                return caller.post("/v1/chat/completions", key, CALL).answer().status() == 503;
              }
            });
        try (RawClient caller = gate.caller()) {
          RawClient.Answer health = caller.get("/health", "").answer();
          assertThat(health.status()).isEqualTo(503);
          assertThat(health.text()).contains("record");
        }
        Files.delete(filler);
        Await.until("health", Duration.ofSeconds(30), gate::healthy);
        counted += calls(gate, key, 5);
        gate.admin().usage("by=model");
        long completed =
            UsageRows.sqlite(copy(gate.data())).stream()
                .filter(row -> row.outcome().equals("completed"))
                .count();
        assertThat(completed).isGreaterThanOrEqualTo(counted);
      }
    }
  }

  /// SQLite resolves links, and would leave the namespace by them.
  private Path copy(Path data) throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    for (String name : new String[] {"gatewright.db", "gatewright.db-wal"}) {
      Files.copy(data.resolve(name), copy.resolve(name));
    }
    return copy;
  }

  private static int calls(ChildGate gate, String key, int calls) throws IOException {
    int answered = 0;
    try (RawClient caller = gate.caller()) {
      for (int i = 0; i < calls; i++) {
        answered += caller.post("/v1/chat/completions", key, CALL).answer().status() == 200 ? 1 : 0;
      }
    }
    return answered;
  }

  private static void fill(Path file) {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // Not a byte left: that is the aim.
    }
  }
}
