package dev.gatewright.room.config;

import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomSecret;
import dev.gatewright.room.provider.daily.DailyRooms;
import dev.gatewright.room.provider.janus.JanusRooms;
import dev.gatewright.room.provider.livekit.LivekitRooms;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every provider there is, in the order they are shown. A new one is a package and two lines here.
/// Thread-safe.
public final class RoomProviders {
  public static final List<ProviderFacts> FACTS =
      List.of(DailyRooms.FACTS, LivekitRooms.FACTS, JanusRooms.FACTS);

  private final Map<String, RoomProvider> byId;

  /// @param config where a provider's interface stands, if not where it says itself
  public RoomProviders(RoomConfig config, ProviderHttp http, Time time, RoomSecret secrets) {
    this(
        List.of(
            new DailyRooms(config.provider("daily").baseUrl(), http),
            new LivekitRooms(http, time),
            new JanusRooms(http, time, secrets)));
  }

  RoomProviders(List<RoomProvider> providers) {
    this.byId =
        providers.stream().collect(Collectors.toMap(each -> each.facts().id(), each -> each));
  }

  /// Where a provider's interface stands when its credential does not say so: as the file says, or
  /// its own; null = the credential says it.
  public static @Nullable ProviderAddress address(RoomConfig config, String id) {
    ProviderAddress configured = config.provider(id).baseUrl();
    return configured == null && id.equals(DailyRooms.FACTS.id())
        ? ProviderAddress.parse(DailyRooms.ADDRESS)
        : configured;
  }

  public @Nullable RoomProvider find(String id) {
    return byId.get(id);
  }

  /// The provider of a room of ours.
  public RoomProvider get(String id) {
    RoomProvider provider = byId.get(id);
    if (provider == null) {
      throw new IllegalStateException("room provider " + id + " is gone");
    }
    return provider;
  }
}
