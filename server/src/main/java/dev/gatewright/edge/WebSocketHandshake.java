package dev.gatewright.edge;

import dev.gatewright.edge.head.HeaderNames;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A caller's wish to speak WebSocket, read strictly (RFC 6455 §4.2.1): what a proxy in front and a
/// backend behind could read in two ways is refused, because a tunnel that only one side believes
/// in is how requests are smuggled. Pure.
public final class WebSocketHandshake {
  /// The status that switches.
  public static final int SWITCHING = 101;

  /// What a subprotocol begins with that is a caller's key: browsers can set no other header. The
  /// second is what OpenAI's own clients send.
  private static final List<String> KEY_PROTOCOLS =
      List.of("gatewright.key.", "openai-insecure-api-key.");

  public static final int UPGRADE_REQUIRED = 426;
  static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final int KEY_CHARACTERS = 24;
  private static final int PROTOCOLS_MAX = 32;
  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private WebSocketHandshake() {}

  /// What a request asks for.
  public sealed interface Read {
    /// Nothing of the kind; also an upgrade to something else, which is for nobody to act on.
    record None() implements Read {}

    /// @param key value of `Sec-WebSocket-Key`
    /// @param protocols what `Sec-WebSocket-Protocol` offers, in order
    record Asked(String key, List<String> protocols) implements Read {
      public Asked {
        protocols = List.copyOf(protocols);
      }
    }

    /// Asked for, but not as it must be.
    record Malformed(Refusal refusal) implements Read {}
  }

  private static final Read NONE = new Read.None();

  public static Read read(RequestHead request) {
    HttpHeaders headers = request.headers();
    List<String> upgrade = headers.getAll(HttpHeaderNames.UPGRADE);
    if (upgrade.isEmpty() || tokens(upgrade).stream().noneMatch("websocket"::equalsIgnoreCase)) {
      return NONE;
    }
    String fault = fault(request, upgrade);
    if (fault != null) {
      return new Read.Malformed(Refusal.invalid("websocket: " + fault));
    }
    List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    if (versions.size() != 1 || !versions.getFirst().strip().equals(VERSION)) {
      return new Read.Malformed(
          Refusal.of(
              UPGRADE_REQUIRED,
              "invalid_request_error",
              "websocket_version",
              "websocket: the version is not supported (expected: 13)"));
    }
    String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "").strip();
    return new Read.Asked(key, tokens(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)));
  }

  private static @Nullable String fault(RequestHead request, List<String> upgrade) {
    HttpHeaders headers = request.headers();
    if (!request.method().equals("GET")) {
      return "%s asks for an upgrade (expected: GET)".formatted(request.method());
    }
    if (request.hasBody()) {
      return "the request has a body (expected: none)";
    }
    if (upgrade.size() != 1 || !upgrade.getFirst().strip().equalsIgnoreCase("websocket")) {
      return "upgrade names more than websocket";
    }
    if (tokens(headers.getAll(HttpHeaderNames.CONNECTION)).stream()
        .noneMatch("upgrade"::equalsIgnoreCase)) {
      return "connection does not name upgrade";
    }
    List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (keys.size() != 1 || !isKey(keys.getFirst().strip())) {
      return "sec-websocket-key is not one base64 text of 16 bytes";
    }
    return protocolFault(tokens(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)));
  }

  private static @Nullable String protocolFault(List<String> protocols) {
    if (protocols.size() > PROTOCOLS_MAX) {
      return "sec-websocket-protocol offers more than %d".formatted(PROTOCOLS_MAX);
    }
    for (String protocol : protocols) {
      if (!isToken(protocol)) {
        return "sec-websocket-protocol offers what is no token";
      }
    }
    return protocols.stream().distinct().count() < protocols.size()
        ? "sec-websocket-protocol offers the same twice"
        : null;
  }

  /// What `Sec-WebSocket-Accept` must be in an answer to `key`.
  public static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-1 is part of every JDK", missing);
    }
  }

  private static boolean isKey(String text) {
    try {
      return text.length() == KEY_CHARACTERS
          && Base64.getDecoder().decode(text).length == KEY_BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || HeaderNames.fold((byte) c) == 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// All elements of a list header, over all its lines, as they came.
  private static List<String> tokens(List<String> lines) {
    List<String> tokens = new ArrayList<>();
    for (String line : lines) {
      for (String part : line.split(",", -1)) {
        tokens.add(part.strip());
      }
    }
    return tokens;
  }

  /// The key in a subprotocol; null when it is one of the application's own.
  public static @Nullable String keyIn(String protocol) {
    for (String prefix : KEY_PROTOCOLS) {
      if (protocol.startsWith(prefix)) {
        return protocol.substring(prefix.length());
      }
    }
    return null;
  }

  /// A key stands among the offered subprotocols.
  public static boolean offersKey(HttpHeaders headers) {
    return tokens(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)).stream()
        .anyMatch(protocol -> keyIn(protocol) != null);
  }

  /// True when `name` belongs to this handshake and not to what it carries.
  public static boolean owns(CharSequence name) {
    return name.toString().toLowerCase(Locale.ROOT).startsWith("sec-websocket-");
  }
}
