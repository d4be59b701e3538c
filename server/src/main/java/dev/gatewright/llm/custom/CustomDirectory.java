package dev.gatewright.llm.custom;

import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.route.ModelsConfig.TargetName;
import dev.gatewright.llm.route.OwnRoutes;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.store.Database;
import dev.gatewright.store.TenantFacts;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What organizations have defined for themselves, as calls take it: in memory, dropped by the
/// change feed, with a few connections for each provider. Thread-safe; blocks no event loop.
public final class CustomDirectory {
  /// The feed's word for providers and model names of organizations.
  public static final String CHANGE_KIND = "provider";

  private static final long BYTES_MAX = 32L << 20;

  /// Open connections to one provider of one organization.
  private static final int CONNECTIONS_MAX = 64;

  private final Database database;
  private final CustomProviders providers;
  private final RelayConfig relay;
  private final Upstreams upstreams;
  private final TenantFacts<String, OwnRoutes> routes;

  /// @param database by its lane for look-ups
  public CustomDirectory(
      Database database,
      ChangeFeed feed,
      Keyring keyring,
      RelayConfig relay,
      Upstreams upstreams,
      Time time) {
    this.database = database;
    this.providers = new CustomProviders(keyring);
    this.relay = relay;
    this.upstreams = upstreams;
    this.routes =
        new TenantFacts<>(
            "providers", this::read, OwnRoutes::bytes, BYTES_MAX, OwnRoutes::close, time);
    feed.listen(
        CHANGE_KIND,
        change -> {
          String organization = change.organizationId();
          routes.forget(id -> organization == null || id.equals(organization));
        });
    feed.listenGap(() -> routes.forget(_ -> true));
  }

  /// `found` or `refused` runs once, on `loop`; before this returns when memory can answer.
  public void find(
      String organizationId,
      EventExecutor loop,
      Consumer<OwnRoutes> found,
      Consumer<Refusal> refused) {
    routes.find(
        organizationId,
        loop,
        result -> {
          switch (result) {
            case TenantFacts.Found.Value<OwnRoutes>(OwnRoutes own) -> found.accept(own);
            case TenantFacts.Found.Unavailable<OwnRoutes> _ -> refused.accept(unavailable());
          }
        });
  }

  /// The same for virtual threads. Blocks.
  public TenantFacts.Found<OwnRoutes> get(String organizationId) {
    return routes.get(organizationId);
  }

  /// 503.
  public static Refusal unavailable() {
    return Refusal.overloaded("Models cannot be looked up right now; try again.", 1);
  }

  /// One provider as calls take it; null when the organization has none of this id. Blocks.
  public @Nullable Provider provider(String organizationId, String id) {
    return database
        .read(handle -> CustomStore.provider(handle, organizationId, id))
        .map(providers::provider)
        .orElse(null);
  }

  /// What the API's targets may be dialled at.
  public DialRules rules() {
    return new DialRules(false, relay.allow());
  }

  private record Rows(List<CustomProvider> providers, List<CustomModel> models) {}

  private OwnRoutes read(String organizationId) {
    Rows rows =
        database.read(handle ->
            new Rows(
                CustomStore.providers(handle, organizationId),
                CustomStore.models(handle, organizationId)));
    if (rows.providers.isEmpty() && rows.models.isEmpty()) {
      return OwnRoutes.NONE;
    }
    List<Provider> all = new ArrayList<>();
    Map<String, List<String>> listed = new LinkedHashMap<>();
    for (CustomProvider row : rows.providers) {
      Provider provider = providers.provider(row);
      if (provider != null) {
        all.add(provider);
        listed.put(row.id(), row.models());
      }
    }
    Map<String, List<TargetName>> models = new LinkedHashMap<>();
    rows.models.forEach(
        row -> models.put(row.id(), row.targets().stream().map(TargetName::of).toList()));
    return new OwnRoutes(
        all,
        models,
        listed,
        provider -> upstreams.open(provider.origin(), rules(), CONNECTIONS_MAX));
  }
}
