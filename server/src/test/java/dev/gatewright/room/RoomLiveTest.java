package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.room.life.RoomNames;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.CheckedHttp;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.provider.daily.DailyRooms;
import dev.gatewright.room.provider.livekit.LivekitRooms;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoopGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Create, get, delete against the real providers, for those whose key is in the environment:
/// `DAILY_API_KEY`; `LIVEKIT_URL`, `LIVEKIT_API_KEY`, `LIVEKIT_API_SECRET`.
@Tag("live")
class RoomLiveTest {
  @Test
  void daily() throws InterruptedException {
    life("daily", Map.of("api_key", "DAILY_API_KEY"), http -> new DailyRooms(null, http));
  }

  @Test
  void livekit() throws InterruptedException {
    life(
        "livekit",
        Map.of(
            "url", "LIVEKIT_URL",
            "api_key", "LIVEKIT_API_KEY",
            "api_secret", "LIVEKIT_API_SECRET"),
        http -> new LivekitRooms(http, Time.system()));
  }

  private static void life(
      String id, Map<String, String> variables, Function<ProviderHttp, RoomProvider> maker)
      throws InterruptedException {
    Map<String, Secret> fields = new HashMap<>();
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      String value = System.getenv(variable.getValue());
      if (value == null) {
        return;
      }
      fields.put(variable.getKey(), Secret.of(value));
    }
    EventLoopGroup loops = Transport.best().loops(1, "live-test");
    try (Upstreams upstreams = new Upstreams(Time.system());
        Fetch fetch = new Fetch(upstreams, loops)) {
      RoomProvider provider = maker.apply(new CheckedHttp(fetch, _ -> DialRules.PUBLIC_ONLY));
      Account account = new Account(id, fields, false);
      String name = "gatewright-test-" + RoomNames.make();
      provider.create(account, provider.plan(Specs.of(name, Profile.CONVERSATION, "{}", Set.of())));
      assertThat(provider.find(account, name)).isPresent();
      assertThat(provider.delete(account, RoomRef.elsewhere(name))).isTrue();
      assertThat(provider.find(account, name)).isEmpty();
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
