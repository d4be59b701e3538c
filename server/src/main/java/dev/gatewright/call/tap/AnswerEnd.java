package dev.gatewright.call.tap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatewright.call.Ending;
import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonWalker;
import org.jspecify.annotations.Nullable;

/// What an answer has said of its own end: that its last word is still to come, that it came, or
/// that the call went wrong. Confined to the call's event loop.
final class AnswerEnd {
  private static final int REASON_CHARS_MAX = 200;

  private static final byte[][] LAST_WORDS =
      words(
          "message_stop",
          "response.completed",
          "response.incomplete",
          "image_generation.completed",
          "image_edit.completed",
          "speech.audio.done",
          "transcript.text.done");
  private static final byte[][] FIRST_WORDS =
      words("message_start", "response.created", "response.in_progress", "response.queued");
  private static final byte[][] FAILURES = words("error", "response.failed");
  private static final byte[][] FAILED_FINISHES =
      words("error", "network_error", "insufficient_system_resource");
  private static final byte[] CHAT_CHUNK = "chat.completion.chunk".getBytes(US_ASCII);
  private static final byte[] ITEM_DONE = "response.output_item.done".getBytes(US_ASCII);
  private static final byte[] PING = "ping".getBytes(US_ASCII);

  private static final String WEB_PAGE = "a web page (expected: JSON or an event stream)";

  private boolean promised;
  private boolean ended;
  private boolean failed;

  /// Of the current event: it opens the answer, or says nothing at all.
  private boolean opening;

  private boolean chatChunk;
  private boolean itemDone;

  private @Nullable String type;
  private @Nullable String code;
  private @Nullable String message;

  private static byte[][] words(String... words) {
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i].getBytes(US_ASCII);
    }
    return bytes;
  }

  private static boolean any(byte[][] words, JsonWalker at) {
    for (byte[] word : words) {
      if (at.is(word)) {
        return true;
      }
    }
    return false;
  }

  void begin() {
    opening = false;
    chatChunk = false;
    itemDone = false;
  }

  /// `type` at the top of an event.
  void type(JsonWalker at) {
    if (any(FIRST_WORDS, at)) {
      promised = true;
      opening = true;
    } else if (any(LAST_WORDS, at)) {
      ended = true;
    } else if (any(FAILURES, at)) {
      failed = true;
    } else if (at.is(ITEM_DONE)) {
      itemDone = true;
    } else {
      opening |= at.is(PING);
    }
  }

  void object(JsonWalker at) {
    failed |= at.is(FAILURES[0]);
    chatChunk = at.is(CHAT_CHUNK);
  }

  /// The current event calls itself a chunk of a chat.
  boolean chatChunk() {
    return chatChunk;
  }

  /// The current event ends an item of the output.
  boolean itemDone() {
    return itemDone;
  }

  /// `finish_reason` and `stop_reason`; null while the answer goes on.
  void finish(JsonWalker at) {
    if (at.kind() == JsonKind.STRING) {
      ended = true;
      if (any(FAILED_FINISHES, at)) {
        failed = true;
        type = at.text();
      }
    }
  }

  void done(JsonKind kind) {
    ended |= kind == JsonKind.TRUE;
    promised |= kind == JsonKind.FALSE;
  }

  void choices() {
    promised = true;
  }

  /// A model answers with no web page.
  void webPage() {
    failed = true;
    type = WEB_PAGE;
  }

  void lastWord() {
    ended = true;
  }

  /// An event named `error`, whatever its data says.
  void errorEvent() {
    failed = true;
  }

  /// `error` where it is no object; an empty one is none.
  void error(JsonWalker at) {
    switch (at.kind()) {
      case STRING -> {
        String text = words(at);
        if (!text.isEmpty()) {
          failed = true;
          message = text;
        }
      }
      case TRUE -> failed = true;
      case NUMBER -> failed |= at.number() != 0;
      case OBJECT, ARRAY, FALSE, NULL -> {}
    }
  }

  /// `error` as an object or a list has ended.
  void errorClosed(boolean empty) {
    failed |= !empty;
  }

  void errorType(JsonWalker at) {
    type = type == null ? word(at) : type;
  }

  void errorCode(JsonWalker at) {
    code = code == null ? word(at) : code;
  }

  void errorMessage(JsonWalker at) {
    message = message == null && at.kind() == JsonKind.STRING ? words(at) : message;
  }

  /// MiniMax says so at status 200; 0 = all is well.
  void statusCode(JsonWalker at) {
    long status = at.number();
    if (status > 0) {
      failed = true;
      code = Long.toString(status);
    }
  }

  private static String words(JsonWalker at) {
    String text = at.text();
    return text == null ? at.textStart() : text;
  }

  private static @Nullable String word(JsonWalker at) {
    boolean scalar = at.kind() == JsonKind.STRING || at.kind() == JsonKind.NUMBER;
    String text = scalar ? at.textStart() : "";
    return text.isEmpty() ? null : text;
  }

  boolean failed() {
    return failed;
  }

  boolean ended() {
    return ended;
  }

  boolean opening() {
    return opening;
  }

  /// @param whole nothing is missing of it as far as its form goes
  Ending ending(boolean whole) {
    if (failed) {
      return new Ending.Failed(reason(), FailureMeaning.status(type, code));
    }
    return ended || (!promised && whole) ? Ending.COMPLETE : Ending.UNFINISHED;
  }

  private String reason() {
    String name = type != null ? type : code;
    String words = message == null || message.isEmpty() ? name : message;
    String reason =
        name == null || name.equals(words) ? words == null ? "error" : words : name + ": " + words;
    return reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX));
  }
}
