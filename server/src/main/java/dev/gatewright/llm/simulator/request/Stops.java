package dev.gatewright.llm.simulator.request;

/// Texts an answer ends before. Their number and length are bounded because each is looked for in
/// the whole answer.
public final class Stops {
  private static final int OPENAI_MAX = 4;
  private static final int ANTHROPIC_MAX = 16;
  public static final int CHARS_MAX = 256;

  private Stops() {}

  public static int countMax(Form form) {
    return form.anthropic() ? ANTHROPIC_MAX : OPENAI_MAX;
  }

  /// Where `stop` first begins in the text up to `to`; -1 = nowhere. Takes time in proportion to
  /// the text, whatever the two are (Knuth, Morris, Pratt).
  public static int find(String text, int to, String stop) {
    int[] back = new int[stop.length()];
    for (int i = 1, matched = 0; i < back.length; i++) {
      while (matched > 0 && stop.charAt(i) != stop.charAt(matched)) {
        matched = back[matched - 1];
      }
      matched += stop.charAt(i) == stop.charAt(matched) ? 1 : 0;
      back[i] = matched;
    }
    int matched = 0;
    for (int i = 0; i < to; i++) {
      char c = text.charAt(i);
      while (matched > 0 && c != stop.charAt(matched)) {
        matched = back[matched - 1];
      }
      matched += c == stop.charAt(matched) ? 1 : 0;
      if (matched == stop.length()) {
        return i + 1 - matched;
      }
    }
    return -1;
  }
}
