package dev.gatewright.llm;

import java.util.ArrayList;
import java.util.List;

/// Words are the simulator's tokens: one word with the white space behind it is one token, so every
/// test can tell the usage beforehand.
final class SimWords {
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

  private SimWords() {}

  /// The pieces of a text; joined they are the text again.
  static List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    int begin = 0;
    boolean inWord = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      if (!space && !inWord && any) {
        pieces.add(text.substring(begin, i));
        begin = i;
      }
      any |= !space;
      inWord = !space;
    }
    if (any) {
      pieces.add(text.substring(begin));
    }
    return pieces;
  }

  static int count(String text) {
    int words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      words += !space && !inWord ? 1 : 0;
      inWord = !space;
    }
    return words;
  }

  /// The same story every time, `words` long.
  static List<String> story(int words) {
    List<String> pieces = new ArrayList<>(words);
    for (int i = 0; i < words; i++) {
      pieces.add(STORY[i % STORY.length] + (i == words - 1 ? "" : " "));
    }
    return pieces;
  }
}
