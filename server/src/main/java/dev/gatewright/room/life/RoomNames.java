package dev.gatewright.room.life;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/// Names of rooms.
public final class RoomNames {
  /// What callers may choose.
  public static final String EXPECTED = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";

  private static final Pattern CHOSEN = Pattern.compile(EXPECTED);

  /// What a provider may have named a room made elsewhere; nothing that could be part of a path.
  private static final Pattern FOREIGN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /// As long as Daily's own; 119 bits.
  private static final int MADE_CHARACTERS = 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private RoomNames() {}

  public static boolean mayChoose(String name) {
    return CHOSEN.matcher(name).matches();
  }

  public static boolean mayAsk(String name) {
    return FOREIGN.matcher(name).matches();
  }

  /// Nobody guesses it: at some providers a name is all it takes to get in.
  public static String make() {
    StringBuilder name = new StringBuilder(MADE_CHARACTERS);
    for (int i = 0; i < MADE_CHARACTERS; i++) {
      name.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
