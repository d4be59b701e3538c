package dev.gatewright.llm.simulator.request;

/// Words are the simulator's tokens: one word with the white space behind it is one token, so every
/// test can tell the usage beforehand. A word without an end is several, of [#CHARS_MAX] each.
/// Pieces are told by their ends; nothing is ever split into a list.
public final class Words {
  /// Characters of one token at most, white space included.
  public static final int CHARS_MAX = 1_000;

  /// The longest story.
  public static final int STORY_WORDS_MAX = 100_000;

  private static final String[] STORY = {
    "Once",
    "upon",
    "a",
    "time",
    "a",
    "small",
    "gate",
    "stood",
    "in",
    "front",
    "of",
    "a",
    "great",
    "many",
    "machines,",
    "and",
    "everyone",
    "who",
    "came",
    "by",
    "was",
    "asked",
    "for",
    "a",
    "key."
  };

  private static final String ROUND = String.join(" ", STORY) + " ";

  /// Made when first told; all stories are its beginnings.
  private static final class Story {
    static final String TEXT = ROUND.repeat(STORY_WORDS_MAX / STORY.length);
  }

  private Words() {}

  /// End of the piece that begins at `from`; joined, the pieces are the text again. A text of white
  /// space alone has none.
  public static int end(String text, int from, int to) {
    int stop = (int) Math.min(to, (long) from + CHARS_MAX);
    int at = from;
    while (from == 0 && at < stop && isSpace(text.charAt(at))) {
      at++;
    }
    while (at < stop && !isSpace(text.charAt(at))) {
      at++;
    }
    while (at < stop && isSpace(text.charAt(at))) {
      at++;
    }
    boolean splits =
        at < to && at > from + 1 && Character.isLowSurrogate(text.charAt(at)) && at == stop;
    return splits ? at - 1 : at;
  }

  public static int count(CharSequence text) {
    int words = 0;
    int length = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = isSpace(text.charAt(i));
      length = !space && inWord ? length + 1 : 0;
      words += !space && (!inWord || length % CHARS_MAX == 0) ? 1 : 0;
      inWord = !space;
    }
    return words;
  }

  public static boolean isSpace(char c) {
    return c <= ' ' || (c >= 0x80 && Character.isWhitespace(c));
  }

  /// The story every other one is the beginning of.
  public static String story() {
    return Story.TEXT;
  }

  /// Where the story of so many words ends.
  public static int storyEnd(int words) {
    if (words == 0) {
      return 0;
    }
    int end = words / STORY.length * ROUND.length();
    for (int i = 0; i < words % STORY.length; i++) {
      end += STORY[i].length() + 1;
    }
    return end - 1;
  }
}
