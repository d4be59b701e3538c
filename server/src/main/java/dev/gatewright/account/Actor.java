package dev.gatewright.account;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who does something, and from where: what the audit chain remembers of it.
///
/// @param id `key_…`, `per_…`, `local` (the command line's key of this start) or `system`
/// @param address the caller's; empty where the program itself acts, or nobody wrote it down
/// @param requestId `req_…`; empty where there was no request
/// @param via the session a person acted in (`ses_…`); empty where it was none, or the id says it
/// @param agent the program, as it calls itself; empty where it did not, see [#agent]
public record Actor(
    Kind kind, String id, String address, String requestId, String via, String agent) {
  private static final int AGENT_CHARACTERS_MAX = 120;
  private static final Pattern NOT_SHOWN = Pattern.compile("[^\\x20-\\x7e]");

  /// The program itself.
  public static final Actor SYSTEM = new Actor(Kind.SYSTEM, "system", "", "");

  /// What sort of caller it is.
  public enum Kind {
    /// An admin key.
    KEY,
    /// A person who is signed in.
    PERSON,
    /// A person who runs the platform, as such.
    OPERATOR,
    /// The command line on the machine itself.
    LOCAL,
    SYSTEM;

    /// As in JSON and in the database.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Null for a word that [#word] never gives.
    public static @Nullable Kind read(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return kind;
        }
      }
      return null;
    }

    /// What an id says by itself.
    public static Kind of(String id) {
      return switch (id) {
        case "local" -> LOCAL;
        case "system" -> SYSTEM;
        default -> id.startsWith("per_") ? PERSON : KEY;
      };
    }
  }

  /// One of whom nothing more is known.
  public Actor(Kind kind, String id, String address, String requestId) {
    this(kind, id, address, requestId, "", "");
  }

  /// The same, in a session.
  public Actor via(String sessionId) {
    return new Actor(kind, id, address, requestId, sessionId, agent);
  }

  /// A program as the header `User-Agent` calls it, as far as that is kept: its beginning, without
  /// what cannot be shown.
  public static String agent(List<String> headers) {
    String text = headers.isEmpty() ? "" : headers.getFirst();
    String shown = NOT_SHOWN.matcher(text).replaceAll("");
    return shown.length() > AGENT_CHARACTERS_MAX ? shown.substring(0, AGENT_CHARACTERS_MAX) : shown;
  }

  /// One whose id says what it is.
  public static Actor of(String id, String address, String requestId) {
    return new Actor(Kind.of(id), id, address, requestId);
  }
}
