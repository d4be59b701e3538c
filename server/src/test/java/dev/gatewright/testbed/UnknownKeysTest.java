package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hundred thousand well-formed keys that nobody made: they cost neither memory nor the people
/// behind the same address.
class UnknownKeysTest {
  private static final int KEYS = 100_000;
  private static final int CALLERS = 8;
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  @TempDir Path folder;

  @Test
  void cost_no_memory_and_do_not_shut_out_known_keys() throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate =
            ChildGate.start(
                GateSetup.usual(folder, provider).jvm("-Xmx128m", "-XX:MaxDirectMemorySize=64m"))) {
      String known = gate.admin().liveKey("known").key();
      assertThat(call(gate.caller(), known)).isEqualTo(200);
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<int[]>> all = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          long seed = i;
          all.add(callers.submit(() -> knock(gate, seed)));
        }
        assertThat(call(gate.caller(), known)).isEqualTo(200);
        for (Future<int[]> each : all) {
          int[] statuses = each.get();
          assertThat(statuses[0] + statuses[1]).isEqualTo(KEYS / CALLERS);
          assertThat(statuses[1]).describedAs("429").isPositive();
        }
      }
      assertThat(call(gate.caller(), known)).isEqualTo(200);
      assertThat(gate.rssBytesMax()).isLessThan(300_000_000);
    }
  }

  /// @return how often 401 and 429 were answered
  private static int[] knock(ChildGate gate, long seed) throws IOException {
    Random random = new Random(seed);
    int[] statuses = new int[2];
    RawClient caller = gate.caller();
    for (int i = 0; i < KEYS / CALLERS; i++) {
      RawClient.Answer answer = caller.get("/v1/models", unknownKey(random)).answer();
      if (answer.status() == 401 || answer.status() == 429) {
        statuses[answer.status() == 401 ? 0 : 1]++;
      }
      if ("close".equalsIgnoreCase(answer.header("connection"))) {
        caller.close();
        caller = gate.caller();
      }
    }
    caller.close();
    return statuses;
  }

  private static int call(RawClient caller, String key) throws IOException {
    try (caller) {
      return caller
          .post("/v1/chat/completions", key, "{\"model\":\"fast\",\"messages\":[]}")
          .answer()
          .status();
    }
  }

  /// Well-formed keys that nobody made, the same ones each time.
  static List<String> someUnknownKeys(int count) {
    Random random = new Random(count);
    return Stream.generate(() -> unknownKey(random)).limit(count).toList();
  }

  /// Format and checksum as documented, so that nothing but a look-up tells.
  private static String unknownKey(Random random) {
    StringBuilder key = new StringBuilder("gw_live_");
    for (int i = 0; i < 43; i++) {
      key.append(i == 10 ? '_' : DIGITS.charAt(random.nextInt(62)));
    }
    CRC32 crc = new CRC32();
    crc.update(key.toString().getBytes(StandardCharsets.US_ASCII));
    char[] sum = new char[6];
    long left = crc.getValue();
    for (int i = 5; i >= 0; i--) {
      sum[i] = DIGITS.charAt((int) (left % 62));
      left /= 62;
    }
    return key.append('_').append(sum).toString();
  }
}
