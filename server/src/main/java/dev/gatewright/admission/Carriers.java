package dev.gatewright.admission;

import dev.gatewright.edge.PathKey;
import dev.gatewright.edge.WebSocketHandshake;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where a key may stand in a request: `Authorization: Bearer`, `x-api-key`, `api-key`,
/// `x-goog-api-key`, the password of `Authorization: Basic`, `gatewright.key.<key>` among the names
/// of `Sec-WebSocket-Protocol`, and the path where the edge takes one from there. One policy
/// whichever carries it: if several do, they must agree, and none may come twice, so that nobody
/// who checks one is fooled by another. Pure.
final class Carriers {
  static final String MISSING = "missing";

  private static final String AUTHORIZATION = "authorization";
  private static final String PROTOCOL = "sec-websocket-protocol";
  private static final List<String> PLAIN =
      List.of("x-api-key", "api-key", "x-goog-api-key", PathKey.HEADER, PROTOCOL);

  private Carriers() {}

  /// The headers that are looked at.
  static List<String> names() {
    List<String> names = new ArrayList<>(PLAIN);
    names.add(AUTHORIZATION);
    return names;
  }

  /// What a request carries.
  sealed interface Credential {
    /// @param text the one key presented; of any form
    record Presented(String text) implements Credential {
      @Override
      public String toString() {
        return "***";
      }
    }

    /// @param reason for the access log: `missing`, `carrier_malformed`, `carrier_repeated`,
    ///   `carriers_disagree`
    record Unusable(String reason) implements Credential {}
  }

  /// @param headers all values of a header by its lower-case name
  static Credential read(Function<String, List<String>> headers) {
    List<String> authorization = headers.apply(AUTHORIZATION);
    String found = null;
    if (!authorization.isEmpty()) {
      found = fromAuthorization(authorization.getFirst());
      if (found == null || authorization.size() > 1) {
        return new Credential.Unusable(
            authorization.size() > 1 ? "carrier_repeated" : "carrier_malformed");
      }
    }
    for (String name : PLAIN) {
      List<String> values = name.equals(PROTOCOL) ? inProtocols(headers) : headers.apply(name);
      if (values.isEmpty()) {
        continue;
      }
      if (values.size() > 1) {
        return new Credential.Unusable("carrier_repeated");
      }
      String value = values.getFirst().strip();
      if (found != null && !found.equals(value)) {
        return new Credential.Unusable("carriers_disagree");
      }
      found = value;
    }
    return found == null ? new Credential.Unusable(MISSING) : new Credential.Presented(found);
  }

  private static List<String> inProtocols(Function<String, List<String>> headers) {
    List<String> keys = List.of();
    for (String line : headers.apply(PROTOCOL)) {
      for (String part : line.split(",", -1)) {
        String key = WebSocketHandshake.keyIn(part.strip());
        if (key != null) {
          keys = new ArrayList<>(keys);
          keys.add(key);
        }
      }
    }
    return keys;
  }

  private static @Nullable String fromAuthorization(String value) {
    int space = value.indexOf(' ');
    if (space < 0) {
      return null;
    }
    String rest = value.substring(space + 1).strip();
    if (value.regionMatches(true, 0, "bearer", 0, space) && space == "bearer".length()) {
      return rest.isEmpty() ? null : rest;
    }
    if (value.regionMatches(true, 0, "basic", 0, space) && space == "basic".length()) {
      return password(rest);
    }
    return null;
  }

  private static @Nullable String password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : pair.substring(colon + 1);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
