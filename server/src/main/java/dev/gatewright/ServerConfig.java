package dev.gatewright;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import dev.gatewright.edge.EdgeConfig;
import dev.gatewright.identity.IdentityConfig;
import dev.gatewright.ingress.IngressConfig;
import dev.gatewright.jwt.JwtConfig;
import dev.gatewright.key.KeysConfig;
import dev.gatewright.limit.count.RedisConfig;
import dev.gatewright.llm.route.LlmConfig;
import dev.gatewright.mail.MailConfig;
import dev.gatewright.payment.PaymentsConfig;
import dev.gatewright.price.PricesConfig;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.room.config.RoomConfig;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.Secret;
import dev.gatewright.service.config.ServicesConfig;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.telemetry.MetricsConfig;
import dev.gatewright.wallet.BillingConfig;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The whole configuration, each package's part read by the package itself; beside those what the
/// composition root wants to know: `planes`, `metrics`, `log`, `master-key`.
///
/// @param masterKey the value of `GATEWRIGHT_MASTER_KEY`; null = the data folder's file
/// @param formerMasterKey the value of `GATEWRIGHT_MASTER_KEY_OLD`; null = not set
/// @param mail null = there is no mail
/// @param logLevel `error`, `warn`, `info` or `debug`
record ServerConfig(
    Planes planes,
    MetricsConfig metrics,
    @Nullable Secret masterKey,
    @Nullable Secret formerMasterKey,
    String logLevel,
    boolean logJson,
    StopConfig stop,
    EdgeConfig edge,
    StoreConfig store,
    RedisConfig redis,
    RelayConfig relay,
    LlmConfig llm,
    PricesConfig prices,
    BillingConfig billing,
    PaymentsConfig payments,
    ServicesConfig services,
    IngressConfig ingress,
    JwtConfig jwt,
    KeysConfig keys,
    RoomConfig rooms,
    IdentityConfig identity,
    @Nullable MailConfig mail) {

  /// Where the master keys of a start come from.
  MasterKeySources masterKeys() {
    return new MasterKeySources(
        store.dataFolder(), masterKey, formerMasterKey, store.postgres() == null);
  }

  /// Reads everything; afterwards each key of `settings` that nobody asked for is a mistake.
  static ServerConfig from(Settings settings) {
    ServerConfig config = read(settings);
    settings.rejectUnknown();
    return config;
  }

  /// Judges a configuration by the very code a start runs.
  ///
  /// @throws Settings.InvalidSetting naming the key and the reason
  static void judge(ConfigSources sources) {
    from(sources.load()).edge().protocols().judge();
    Collecting.judged(sources.environment());
  }

  private static ServerConfig read(Settings settings) {
    Settings metrics = settings.section("metrics");
    String host = metrics.textOrNull("host");
    int port = metrics.integer("port", -1, 0, 65535);
    Settings log = settings.section("log");
    return new ServerConfig(
        Planes.valueOf(
            choice(settings, "planes", "both", "data", "portal").toUpperCase(Locale.ROOT)),
        new MetricsConfig(
            host == null ? MetricsConfig.HOST_DEFAULT : host,
            port < 0 ? MetricsConfig.PORT_DEFAULT : port,
            host != null || port >= 0),
        settings.secret("master-key"),
        settings.secret("master-key-old"),
        choice(log, "level", "info", "error", "warn", "debug"),
        choice(log, "format", "plain", "json").equals("json"),
        StopConfig.from(settings),
        EdgeConfig.from(settings),
        StoreConfig.from(settings),
        RedisConfig.from(settings),
        RelayConfig.from(settings),
        LlmConfig.from(settings),
        PricesConfig.from(settings),
        BillingConfig.from(settings),
        PaymentsConfig.from(settings),
        ServicesConfig.from(settings),
        IngressConfig.from(settings),
        JwtConfig.from(settings),
        KeysConfig.from(settings),
        RoomConfig.from(settings),
        IdentityConfig.from(settings),
        MailConfig.from(settings));
  }

  private static String choice(Settings from, String key, String fallback, String... others) {
    String text = from.text(key, fallback);
    if (text.equals(fallback) || List.of(others).contains(text)) {
      return text;
    }
    String path = from.path().isEmpty() ? key : from.path() + "." + key;
    throw new Settings.InvalidSetting(
        "%s: %s (expected: %s or %s)".formatted(path, text, fallback, String.join(" or ", others)));
  }
}
