package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A revoked key is dead within a second, for new calls and for running ones.
class RevocationTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private static final Duration DEAD_WITHIN = Duration.ofSeconds(1);

  @Test
  void kills_new_calls_and_running_streams() throws Exception {
    AdminClient.Key key = world.admin().liveKey("to-be-revoked");
    try (RawClient running = world.caller();
        RawClient next = world.caller()) {
      running.post(
          "/v1/chat/completions",
          key.key(),
          "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}");
      assertThat(running.head().status()).isEqualTo(200);
      SeenRequest upstream = world.provider().take();

      world.admin().revoke(key.id());
      long revoked = System.nanoTime();
      int status =
          next.post("/v1/chat/completions", key.key(), "{\"model\":\"fast\",\"messages\":[]}")
              .answer()
              .status();
      assertThat(status).isEqualTo(401);
      long closed = upstream.closed().get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(closed - revoked)).isLessThan(DEAD_WITHIN);
    }
  }

  @Test
  void leaves_other_keys_alone() throws Exception {
    AdminClient.Key key = world.admin().liveKey("to-be-revoked");
    try (RawClient running = world.caller()) {
      running.post(
          "/v1/chat/completions",
          world.key(),
          "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}");
      running.head();
      world.admin().revoke(key.id());
      assertThat(running.text(2000)).hasSizeGreaterThanOrEqualTo(1500);
    }
  }
}
