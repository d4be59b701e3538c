package dev.gatewright.service.body;

/// A place in a request's JSON that the gate acts on.
///
/// @param path names with `.` between them, `[]` for each element of an array
record BodyField(String path, Rule rule) {

  /// What is done about the value there.
  enum Rule {
    /// It names the model.
    MODEL("names the model"),
    /// Text that is put to a model: its length stands for its tokens where nobody counts them.
    PROMPT("counted"),
    /// Text that is spoken: its characters are what the call is counted in.
    SPOKEN("counted"),
    /// Whether the answer is to come in pieces.
    STREAM("noted"),
    KEEP_ALIVE("0 to `keep-alive`, never negative"),
    CONTEXT("at most `num-ctx`"),
    OUTPUT("at most `num-predict`, never negative (negative: without end)"),
    CHOICES("at most `choices`"),
    SIDE("at most `image-side`"),
    STEPS("at most `image-steps`"),
    IMAGES("at most `images`"),
    /// Reaches beyond the call: settings, scripts, other models.
    EMPTY("absent, null or empty"),
    /// The backend would fetch it, from wherever it can reach.
    NO_ADDRESS("no address; data only"),
    /// Speech drawn out to hours.
    STRETCH("at most 4");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    /// What may stand there, for the reference.
    String text() {
      return text;
    }

    /// An ordinary key's value is checked, a managing one's is not.
    boolean bound() {
      return this != MODEL && this != PROMPT && this != SPOKEN;
    }
  }
}
