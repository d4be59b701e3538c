package dev.gatewright.edge.site;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.CorsConfig;
import dev.gatewright.edge.Refusal;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The setting `sites`.
public final class SitesConfig {
  public static final SitesConfig NONE = new SitesConfig(Map.of());

  private static final int SITES_MAX = 1_000;

  private final Map<String, SiteConfig> byHost;

  private SitesConfig(Map<String, SiteConfig> byHost) {
    this.byHost = byHost;
  }

  /// @param root the whole configuration
  /// @throws InvalidSetting when it does not fit
  public static SitesConfig from(Settings root) {
    List<Settings> list = root.list("sites");
    if (list.size() > SITES_MAX) {
      throw new InvalidSetting(
          "sites: %d of them (expected: ≤ %d)".formatted(list.size(), SITES_MAX));
    }
    Map<String, SiteConfig> byHost = new LinkedHashMap<>();
    for (Settings each : list) {
      SiteConfig site = SiteConfig.from(each);
      if (byHost.put(site.host(), site) != null) {
        throw new InvalidSetting(
            "%s.host: %s is there twice (expected: once)".formatted(each.path(), site.host()));
      }
    }
    checkPublicUrl(root, byHost);
    return new SitesConfig(byHost);
  }

  /// Mails and links speak of `public-url`: it has to be a name that is answered.
  private static void checkPublicUrl(Settings root, Map<String, SiteConfig> byHost) {
    String url = CorsConfig.normal(root.text("public-url", ""));
    String host = url == null ? null : URI.create(url).getHost();
    if (host != null && !byHost.isEmpty() && !byHost.containsKey(host)) {
      throw new InvalidSetting(
          "public-url: %s is none of sites (expected: the host of one of them)"
              .formatted(Refusal.shown(host)));
    }
  }

  /// Where people reach the consoles, as browsers write origins; without those of sites that have
  /// none.
  public List<String> publicUrls() {
    return byHost.values().stream()
        .filter(site -> !site.apiOnly())
        .map(SiteConfig::publicUrl)
        .toList();
  }

  /// The first that people may open; null = none.
  @Nullable SiteConfig firstConsole() {
    return byHost.values().stream().filter(site -> !site.apiOnly()).findFirst().orElse(null);
  }

  Map<String, SiteConfig> byHost() {
    return byHost;
  }
}
