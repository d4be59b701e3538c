package dev.gatewright.room.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.wire.RoomJson;
import org.jspecify.annotations.Nullable;

/// Holds what a provider answers to what a room can be: a caller may choose the server that
/// answers, and what it says is stored and shown.
public final class ProviderAnswer {
  private static final int ID_CHARACTERS_MAX = 128;
  private static final int NAME_CHARACTERS_MAX = 128;
  private static final int URL_CHARACTERS_MAX = 2_048;
  private static final int WORD_CHARACTERS_MAX = 64;
  private static final int CONFIG_CHARACTERS_MAX = 16 << 10;
  private static final int TOKEN_CHARACTERS_MAX = 8 << 10;

  private ProviderAnswer() {}

  /// @return the room
  public static ProviderRoom room(Account account, ProviderRoom room) {
    boolean fits =
        room.id().length() <= ID_CHARACTERS_MAX
            && room.name().length() <= NAME_CHARACTERS_MAX
            && room.url().length() <= URL_CHARACTERS_MAX
            && word(room.createdAt())
            && word(room.privacy())
            && word(room.mark())
            && RoomJson.text(room.config()).length() <= CONFIG_CHARACTERS_MAX;
    if (!fits) {
      throw ProviderErrors.malformed(account, 200);
    }
    return room;
  }

  /// @return the token
  public static String token(Account account, JsonNode token) {
    if (!token.isTextual() || token.textValue().length() > TOKEN_CHARACTERS_MAX) {
      throw ProviderErrors.malformed(account, 200);
    }
    return token.textValue();
  }

  private static boolean word(@Nullable String text) {
    return text == null || text.length() <= WORD_CHARACTERS_MAX;
  }
}
