package dev.gatewright.edge.site;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.CorsConfig;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.head.HostCheck;
import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One entry of the setting `sites`: a name under which the gate answers.
///
/// @param host in lower case, without a port: which one the proxy in front listens on is its own
/// @param publicUrl where people reach its console, as a browser writes an origin
/// @param origins whose pages may call it; null = those of `cors.origins`
/// @param allow none but these addresses; empty = all
/// @param deny never these
/// @param limitsClass whose limits its calls count for: `site:` and this name
/// @param apiOnly it has no console and nobody signs in there
/// @param name how the console and mails call it; null = by its host
public record SiteConfig(
    String host,
    String publicUrl,
    @Nullable CorsConfig origins,
    List<Cidr> allow,
    List<Cidr> deny,
    String limitsClass,
    boolean apiOnly,
    @Nullable String name,
    SiteBrand brand) {

  private static final int NAME_CHARACTERS_MAX = 40;
  private static final Pattern LIMITS_CLASS = Pattern.compile("[a-z][a-z0-9-]{0,30}");

  public SiteConfig {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
  }

  static SiteConfig from(Settings site) {
    String host = site.text("host", "").toLowerCase(Locale.ROOT);
    if (!HostCheck.valid(host) || host.indexOf(':', host.indexOf(']') + 1) >= 0) {
      throw new InvalidSetting(
          "%s.host: %s (expected: a host name such as api.example.com, without a port)"
              .formatted(site.path(), Refusal.shown(host)));
    }
    String url = site.text("public-url", "https://" + host);
    String origin = CorsConfig.normal(url);
    if (origin == null || !host.equals(URI.create(origin).getHost())) {
      throw new InvalidSetting(
          "%s.public-url: %s (expected: %s)"
              .formatted(
                  site.path(),
                  Refusal.shown(url),
                  "https:// and " + host + ", a port where it has one"));
    }
    List<String> origins = site.texts("origins");
    Settings ip = site.section("ip");
    return new SiteConfig(
        host,
        origin,
        origins.isEmpty() ? null : CorsConfig.of(site.path() + ".origins", origins),
        cidrs(ip, "allow"),
        cidrs(ip, "deny"),
        limitsClass(site, host),
        site.flag("api-only", false),
        name(site),
        SiteBrand.from(site.section("brand")));
  }

  /// It stands in mails' subjects and in pages' titles.
  private static @Nullable String name(Settings site) {
    String name = site.textOrNull("name");
    if (name != null
        && (name.isBlank()
            || name.length() > NAME_CHARACTERS_MAX
            || name.chars().anyMatch(Character::isISOControl))) {
      throw new InvalidSetting(
          "%s.name: %s (expected: 1 to %d characters in one line)"
              .formatted(site.path(), Refusal.shown(name), NAME_CHARACTERS_MAX));
    }
    return name == null ? null : name.strip();
  }

  /// Sites of one class share its limits; a site of none has its own, under its name.
  private static String limitsClass(Settings site, String host) {
    String name = site.text("limits-class", "");
    if (name.isEmpty()) {
      return host;
    }
    if (!LIMITS_CLASS.matcher(name).matches()) {
      throw new InvalidSetting(
          "%s.limits-class: %s (expected: a lower-case name such as partners, ≤ 31 characters)"
              .formatted(site.path(), Refusal.shown(name)));
    }
    return name;
  }

  private static List<Cidr> cidrs(Settings ip, String key) {
    return ip.texts(key).stream()
        .map(text -> {
          try {
            return Cidr.parse(text);
          } catch (IllegalArgumentException e) {
            throw new InvalidSetting("%s.%s: %s".formatted(ip.path(), key, e.getMessage()));
          }
        })
        .toList();
  }

  /// Denied addresses stay out also where they are allowed.
  boolean admits(InetAddress client) {
    return !Cidr.anyContains(deny, client) && (allow.isEmpty() || Cidr.anyContains(allow, client));
  }
}
