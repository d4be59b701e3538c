package dev.gatewright.call.tap;

import org.jspecify.annotations.Nullable;

/// How an answer is cut into JSON documents.
enum AnswerForm {
  /// Server-sent events.
  EVENTS,
  /// One document, or one a line.
  DOCUMENTS,
  /// Neither: only its length is seen.
  OPAQUE;

  /// Told by the answer's first byte that is no white space, for many a server puts the wrong label
  /// on it.
  ///
  /// @param type the content type; null = none is given
  static AnswerForm of(byte first, @Nullable String type) {
    if (first == '{' || first == '[') {
      return DOCUMENTS;
    }
    boolean labelled = is(type, "text/event-stream");
    boolean field = first == ':' || first == 'd' || first == 'e' || first == 'i' || first == 'r';
    return labelled || field ? EVENTS : OPAQUE;
  }

  /// Sound and pictures are not looked into.
  static boolean binary(@Nullable String type) {
    return is(type, "audio/") || is(type, "image/") || is(type, "video/");
  }

  private static boolean is(@Nullable String type, String prefix) {
    return type != null && type.regionMatches(true, 0, prefix, 0, prefix.length());
  }
}
