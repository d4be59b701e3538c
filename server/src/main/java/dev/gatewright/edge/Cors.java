package dev.gatewright.edge;

import dev.gatewright.edge.site.SiteDoor;
import dev.gatewright.http1.HeaderCharacters;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets pages of named origins call the data plane from a browser (the Fetch standard, CORS
/// protocol), and at a site that names its own the REST interface: answers their preflights, and
/// tells the browser of every answer that the page may read it. Never with credentials: a caller's
/// key is in a header that the page sets, not in a cookie. The configuration may change while calls
/// run. Thread-safe.
public final class Cors {
  /// First segments that are the control plane's, or nobody's.
  private static final Set<String> OTHERS =
      Set.of(
          "",
          "api",
          "auth",
          "health",
          "status",
          "openapi.json",
          "docs",
          "console",
          "assets",
          "k",
          "metrics");

  private static final String REST = "/api/";
  private static final String SIGN_IN = "/api/auth";

  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
  private static final String MAX_AGE_SECONDS = "7200";
  private static final int ASKED_CHARACTERS_MAX = 4 << 10;
  private static final int ASKED_NAMES_MAX = 64;

  /// By which front proxies say who calls, and the console that a page of its own does: no page of
  /// another origin has anything to say by them.
  private static final Set<String> NOT_FOR_PAGES =
      Set.of(
          "*",
          "cf-connecting-ip",
          "cookie",
          "fly-client-ip",
          "forwarded",
          "true-client-ip",
          "x-client-ip",
          "x-csrf-token",
          "x-gatewright-edge",
          "x-http-method-override",
          "x-original-method",
          "x-original-uri",
          "x-original-url",
          "x-real-ip",
          "x-rewrite-url");

  private static final List<String> NOT_FOR_PAGES_BEGIN = List.of("proxy-", "sec-", "x-forwarded-");
  private static final String EXPOSED =
      String.join(
          ", ",
          "content-disposition",
          "etag",
          "location",
          "retry-after",
          "retry-after-ms",
          "idempotent-replayed",
          "ratelimit",
          "ratelimit-policy",
          "x-ratelimit-limit-requests",
          "x-ratelimit-remaining-requests",
          "x-ratelimit-reset-requests",
          "x-ratelimit-limit-tokens",
          "x-ratelimit-remaining-tokens",
          "x-ratelimit-reset-tokens",
          "anthropic-ratelimit-requests-limit",
          "anthropic-ratelimit-requests-remaining",
          "anthropic-ratelimit-requests-reset",
          "anthropic-ratelimit-tokens-limit",
          "anthropic-ratelimit-tokens-remaining",
          "anthropic-ratelimit-tokens-reset",
          "anthropic-ratelimit-input-tokens-limit",
          "anthropic-ratelimit-input-tokens-remaining",
          "anthropic-ratelimit-input-tokens-reset",
          "anthropic-ratelimit-output-tokens-limit",
          "anthropic-ratelimit-output-tokens-remaining",
          "anthropic-ratelimit-output-tokens-reset",
          "x-should-retry",
          "x-request-id",
          "x-gatewright-upstream-request-id",
          "x-gatewright-changed",
          "x-gatewright-cost",
          "x-gatewright-resets-at",
          "x-gatewright-fits-output-tokens",
          "x-gatewright-dropped",
          "x-gatewright-queue-position",
          "x-gatewright-queue-wait-ms");

  private static final byte[] VARY = bytes("vary: Origin\r\n");
  private static final byte[] NOTHING = {};

  private final SiteDoor sites;

  /// By origin, those of all sites among them: what stands in the head of each answer to one of its
  /// pages.
  private volatile Map<String, byte[]> lines = Map.of();

  /// Where the site says nothing of its own.
  private volatile CorsConfig general = CorsConfig.NONE;

  Cors(CorsConfig config, SiteDoor sites) {
    this.sites = sites;
    configure(config);
  }

  /// The sites are in force already.
  void configure(CorsConfig config) {
    Map<String, byte[]> next = new HashMap<>();
    Set<String> all = new HashSet<>(config.origins());
    all.addAll(sites.allOrigins());
    general = config;
    for (String origin : all) {
      next.put(
          origin,
          bytes(
              "vary: Origin\r\naccess-control-allow-origin: %s\r\naccess-control-expose-headers: %s\r\n"
                  .formatted(origin, EXPOSED)));
    }
    lines = Map.copyOf(next);
  }

  /// Header lines, each with its end, for the answer to this request.
  public byte[] lines(RequestHead head) {
    Map<String, byte[]> known = lines;
    List<String> allowed = known.isEmpty() ? List.of() : allowed(head);
    if (allowed.isEmpty()) {
      return NOTHING;
    }
    String origin = head.headers().get("origin");
    boolean cookie = rest(head.path()) && head.headers().contains("cookie");
    return origin == null || cookie || !allowed.contains(origin)
        ? VARY
        : known.getOrDefault(origin, VARY);
  }

  /// Answers a preflight: by the site's list alone, since it carries no key.
  ///
  /// @param match what the route table says of the preflight itself
  /// @return false when this is none, or none of ours
  public boolean answered(Exchange exchange, RouteTable.Match match) {
    RequestHead head = exchange.request();
    String origin = head.headers().get("origin");
    boolean preflight =
        origin != null
            && head.method().equals("OPTIONS")
            && head.headers().contains("access-control-request-method");
    List<String> allowed = preflight && !lines.isEmpty() ? allowed(head) : List.of();
    if (origin == null || allowed.isEmpty()) {
      return false;
    }
    exchange.access().route("preflight");
    if (!allowed.contains(origin)) {
      EdgeReply.refuse(
          exchange,
          Refusal.denied(
              "origin: %s (expected: one of cors.origins, or of its site's)"
                  .formatted(Refusal.shown(origin))));
      return true;
    }
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory()
            .newHeaders()
            .set("access-control-allow-methods", methods(match))
            .set("access-control-max-age", MAX_AGE_SECONDS);
    String asked = asked(head.headers());
    if (asked != null) {
      headers.set("access-control-allow-headers", asked);
    }
    exchange.reply(204, headers, Unpooled.EMPTY_BUFFER);
    return true;
  }

  /// What the path takes, where the edge knows; the portal and services know it by themselves.
  private static String methods(RouteTable.Match match) {
    return match instanceof RouteTable.Match.WrongMethod(String _, String allow, EdgeHandler _)
        ? allow
        : METHODS;
  }

  /// Whose pages may call here; empty = no other's at all. A site's own list takes the place of the
  /// general one, and is alone in opening the REST interface.
  private List<String> allowed(RequestHead head) {
    CorsConfig own = head.site() == null ? null : head.site().origins();
    if (rest(head.path())) {
      return own == null ? List.of() : own.origins();
    }
    return covers(head.path()) ? (own == null ? general : own).origins() : List.of();
  }

  /// What programs call by key; signing in is for our own pages.
  private static boolean rest(String path) {
    return path.startsWith(REST)
        && !(path.startsWith(SIGN_IN)
            && (path.length() == SIGN_IN.length() || path.charAt(SIGN_IN.length()) == '/'));
  }

  /// Of the headers the page wants to send those that it may: SDKs have many of their own, so all
  /// but what is not a page's to say. Null = none, and so nothing that needs asking may be sent.
  private static @Nullable String asked(HttpHeaders headers) {
    List<String> lines = headers.getAll("access-control-request-headers");
    if (lines.size() != 1 || lines.getFirst().length() > ASKED_CHARACTERS_MAX) {
      return null;
    }
    String[] names = lines.getFirst().split(",", -1);
    List<String> allowed = new ArrayList<>();
    for (String each : names) {
      String name = each.strip().toLowerCase(Locale.ROOT);
      if (name.isEmpty() || !HeaderCharacters.areToken(name)) {
        return null;
      }
      if (!NOT_FOR_PAGES.contains(name)
          && NOT_FOR_PAGES_BEGIN.stream().noneMatch(name::startsWith)) {
        allowed.add(name);
      }
    }
    return allowed.isEmpty() || names.length > ASKED_NAMES_MAX ? null : String.join(",", allowed);
  }

  private static boolean covers(String path) {
    int end = path.indexOf('/', 1);
    return !OTHERS.contains(path.substring(1, end < 0 ? path.length() : end));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
