package dev.gatewright.service.socket;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The query of an upgrade, less the ticket that may stand in it. What the backend gets is the
/// caller's own bytes in their order. Never shown.
///
/// @param ticket null = there is none; two of them together have no ticket's form
/// @param rest null when nothing is left
public record SocketQuery(@Nullable String ticket, @Nullable String rest) {
  /// A backend may have tickets of its own: only ours are taken.
  private static final String TICKET_OURS = "gwt_";

  public static SocketQuery of(@Nullable String query) {
    List<String> tickets = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String part : query == null ? new String[0] : query.split("&", -1)) {
      String value = valueOf("ticket", part);
      if (value != null && value.startsWith(TICKET_OURS)) {
        tickets.add(value);
      } else {
        others.add(part);
      }
    }
    return tickets.isEmpty()
        ? new SocketQuery(null, query)
        : new SocketQuery(
            String.join("&", tickets), others.isEmpty() ? null : String.join("&", others));
  }

  /// The models a backend is asked for, as even a lenient one would read it. More than one would
  /// leave open which of them was allowed.
  public List<String> models() {
    List<String> found = new ArrayList<>();
    for (String part : rest == null ? new String[0] : rest.split("[&;]", -1)) {
      String value = valueOf("model", part);
      if (value != null) {
        found.add(value);
      }
    }
    return found;
  }

  private static @Nullable String valueOf(String name, String part) {
    int equals = part.indexOf('=');
    return equals > 0 && decoded(part.substring(0, equals)).equalsIgnoreCase(name)
        ? decoded(part.substring(equals + 1))
        : null;
  }

  /// The edge has seen to it that two hex digits follow every percent sign.
  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "***";
  }
}
