package dev.gatewright.edge;

import dev.gatewright.config.Profile;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.edge.tls.ProtocolConfig;
import dev.gatewright.net.Cidr;
import dev.gatewright.secret.Secret;
import java.util.List;

/// How the edge listens and whom it believes: the settings `listen`, `trusted-proxies`,
/// `client-address`, `edge`, `limits`, `keys.in-path`, `cors` and `sites`.
///
/// @param host address to bind
/// @param port 0 = any free one
/// @param protocols what it speaks: TLS or not
/// @param proxyProtocol connections begin with a PROXY protocol header (v1 or v2)
/// @param trustedProxies whose `X-Forwarded-*` and PROXY headers count
/// @param clientAddress the header in which they tell who calls
/// @param edgeSecrets what the header `x-gatewright-edge` may hold; two while one is replaced
/// @param edgeRequired requests without one of them are refused
/// @param keysInPath `/k/<key>/…` carries a key, of restricted keys only
public record EdgeConfig(
    String host,
    int port,
    ProtocolConfig protocols,
    boolean proxyProtocol,
    List<Cidr> trustedProxies,
    String clientAddress,
    List<Secret> edgeSecrets,
    boolean edgeRequired,
    boolean keysInPath,
    EdgeLimits limits,
    CorsConfig cors,
    SitesConfig sites) {

  public EdgeConfig {
    trustedProxies = List.copyOf(trustedProxies);
    edgeSecrets = List.copyOf(edgeSecrets);
    if (edgeSecrets.stream().anyMatch(Secret::isEmpty)) {
      throw new InvalidSetting("edge.secrets: an empty secret (expected: a long random text)");
    }
    if (edgeRequired && edgeSecrets.isEmpty()) {
      throw new InvalidSetting(
          "edge.required: true with no edge.secrets (expected: at least one secret)");
    }
  }

  /// Any free port on the loopback address, every other setting at its default.
  public static EdgeConfig loopback() {
    return new EdgeConfig(
        "127.0.0.1",
        0,
        ProtocolConfig.CLEAR,
        false,
        List.of(),
        Forwarded.FOR,
        List.of(),
        false,
        false,
        EdgeLimits.DEFAULT,
        CorsConfig.NONE,
        SitesConfig.NONE);
  }

  /// @param root the whole configuration
  public static EdgeConfig from(Settings root) {
    Settings listen = root.section("listen");
    Settings edge = root.section("edge");
    return new EdgeConfig(
        listen.text("host", "127.0.0.1"),
        listen.integer("port", 8080, 0, 65535),
        ProtocolConfig.from(listen),
        listen.flag("proxy-protocol", false),
        cidrs("trusted-proxies", root.texts("trusted-proxies")),
        clientAddress(root.text("client-address", Forwarded.FOR)),
        edge.secrets("secrets"),
        edge.flag("required", false),
        root.section("keys").flag("in-path", false),
        EdgeLimits.from(root.section("limits"), Profile.from(root)),
        CorsConfig.from(root),
        SitesConfig.from(root));
  }

  private static String clientAddress(String header) {
    if (!header.equals(Forwarded.FOR) && !Forwarded.SINGLE.contains(header)) {
      throw new InvalidSetting(
          "client-address: %s (expected: %s or %s)"
              .formatted(header, Forwarded.FOR, String.join(" or ", Forwarded.SINGLE)));
    }
    return header;
  }

  private static List<Cidr> cidrs(String path, List<String> texts) {
    return texts.stream()
        .map(text -> {
          try {
            return Cidr.parse(text);
          } catch (IllegalArgumentException e) {
            throw new InvalidSetting(path + ": " + e.getMessage());
          }
        })
        .toList();
  }

  public EdgeConfig withLimits(EdgeLimits other) {
    return new EdgeConfig(
        host,
        port,
        protocols,
        proxyProtocol,
        trustedProxies,
        clientAddress,
        edgeSecrets,
        edgeRequired,
        keysInPath,
        other,
        cors,
        sites);
  }

  public EdgeConfig withProtocols(ProtocolConfig other) {
    return new EdgeConfig(
        host,
        port,
        other,
        proxyProtocol,
        trustedProxies,
        clientAddress,
        edgeSecrets,
        edgeRequired,
        keysInPath,
        limits,
        cors,
        sites);
  }

  public EdgeConfig withCors(CorsConfig other) {
    return new EdgeConfig(
        host,
        port,
        protocols,
        proxyProtocol,
        trustedProxies,
        clientAddress,
        edgeSecrets,
        edgeRequired,
        keysInPath,
        limits,
        other,
        sites);
  }

  public EdgeConfig withSites(SitesConfig other) {
    return new EdgeConfig(
        host,
        port,
        protocols,
        proxyProtocol,
        trustedProxies,
        clientAddress,
        edgeSecrets,
        edgeRequired,
        keysInPath,
        limits,
        cors,
        other);
  }
}
