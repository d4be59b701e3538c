package dev.gatewright.call.tap;

import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static dev.gatewright.json.JsonShape.text;

import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonWalker;
import dev.gatewright.relay.answer.AnswerInflater;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What an error's body says, whatever it is called: a JSON object passes as it came, and of
/// anything else (a list, text, a web page) the words are kept. Confined to the call's event loop;
/// holds native memory until [#finish()] where the body is compressed.
public final class ErrorText implements JsonListener {
  /// More of the words is not kept.
  public static final int BYTES_MAX = 4 * 1024;

  private static final int ROOT = 1;
  private static final int MESSAGE = 2;
  private static final int NAME = 3;
  private static final int REFUSED_INPUT = 4;

  private static final JsonShape SHAPE = shape();

  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /// What a refusal of the content says, as opposed to one of the caller.
  private static final String[] MODERATION = {
    "moderation", "flagged", "content policy", "content_policy", "content filter", "content_filter",
    "safety", "usage guidelines", "usage policies", "usage policy", "harmful", "prohibited content",
    "data_inspection"
  };

  private final JsonWalker walker = JsonWalker.ofAnswer(SHAPE, this);
  private final @Nullable AnswerInflater inflater;
  private final boolean unread;
  private final byte[] words = new byte[BYTES_MAX];
  private int length;
  private int marked;
  private boolean begun;
  private boolean readable = true;
  private boolean object;
  private boolean refusesInput;
  private @Nullable String message;
  private final StringBuilder names = new StringBuilder();

  /// @param headers of the answer
  public ErrorText(HttpHeaders headers) {
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    boolean plain = AnswerInflater.plain(encoding);
    inflater = plain || encoding == null ? null : AnswerInflater.of(encoding, this::read);
    unread = !plain && inflater == null;
  }

  private static JsonShape shape() {
    JsonShape error =
        object(
                member("message", text(MESSAGE)),
                member("msg", text(MESSAGE)),
                member("detail", text(MESSAGE)),
                member("type", text(NAME)),
                member("code", text(NAME)),
                member("status", text(NAME)),
                member(
                    "metadata",
                    object(
                        member("reasons", place(REFUSED_INPUT)),
                        member("flagged_input", place(REFUSED_INPUT)))))
            .orText(MESSAGE);
    JsonShape top =
        object(
            member("error", error),
            member("errors", error.orArrayOf(error)),
            member("message", text(MESSAGE)),
            member("detail", text(MESSAGE).orArrayOf(error)),
            member("title", text(MESSAGE)),
            member("error_description", text(MESSAGE)),
            member("type", text(NAME)),
            member("code", text(NAME)));
    return top.orArrayOf(top).marked(ROOT);
  }

  /// Shows the next bytes.
  public void feed(byte[] part, int from, int to) {
    if (inflater != null) {
      inflater.feed(part, from, to);
    } else if (!unread) {
      read(part, from, to);
    }
  }

  private void read(byte[] part, int from, int to) {
    int at = begun ? from : begin(part, from, to);
    int more = Math.min(to - at, BYTES_MAX - length);
    System.arraycopy(part, at, words, length, more);
    length += more;
    readable = readable && walker.feed(part, at, to);
  }

  private int begin(byte[] part, int from, int to) {
    int at = from;
    while (at < to && marked < MARK.length && part[at] == MARK[marked]) {
      marked++;
      at++;
    }
    begun = at < to;
    return at;
  }

  /// The body has ended.
  public void finish() {
    if (inflater != null) {
      inflater.end();
      readable &= !inflater.broken();
    }
    readable = readable && walker.finish();
  }

  /// The whole body is one JSON object: what it says, it says in its own form.
  public boolean isObject() {
    return readable && object;
  }

  /// It is written in an encoding nobody here reads.
  public boolean unread() {
    return unread;
  }

  /// Bytes of a byte order mark in front of it.
  public int markBytes() {
    return inflater == null ? marked : 0;
  }

  /// It refuses what was asked, not who asked.
  public boolean refusesContent() {
    String said = (names + " " + words()).toLowerCase(Locale.ROOT);
    for (String word : MODERATION) {
      if (said.contains(word)) {
        return true;
      }
    }
    return refusesInput;
  }

  /// The error in words, at most [#BYTES_MAX] bytes of them; empty where there are none.
  public String words() {
    if (message != null) {
      return message;
    }
    String raw = new String(words, 0, length, StandardCharsets.UTF_8).strip();
    return raw.startsWith("<") ? ofPage(raw) : raw;
  }

  /// A web page's text: its tags mean nothing to whoever reads a log.
  private static String ofPage(String page) {
    StringBuilder text = new StringBuilder(page.length());
    boolean tag = false;
    for (int i = 0; i < page.length(); i++) {
      char c = page.charAt(i);
      if (c == '<') {
        i = skipped(page, i);
        tag = true;
      } else if (c == '>' && tag) {
        tag = false;
        text.append(' ');
      } else if (!tag) {
        text.append(c);
      }
    }
    return text.toString().replaceAll("\\s+", " ").strip();
  }

  /// Styles and scripts are no text either.
  private static int skipped(String page, int at) {
    for (String name : new String[] {"style", "script"}) {
      if (page.regionMatches(true, at + 1, name, 0, name.length())) {
        int end = page.toLowerCase(Locale.ROOT).indexOf("</" + name, at);
        return end < 0 ? page.length() - 1 : end;
      }
    }
    return at;
  }

  @Override
  public void value(int mark, JsonWalker at) {
    switch (mark) {
      case ROOT -> object = at.kind() == JsonKind.OBJECT;
      case MESSAGE -> {
        String said = at.kind() == JsonKind.STRING ? at.text() : null;
        if (message == null && said != null && !said.isBlank()) {
          message = said;
        }
      }
      case NAME -> {
        if (at.kind() == JsonKind.STRING) {
          names.append(at.textStart()).append(' ');
        }
      }
      case REFUSED_INPUT -> refusesInput |= at.kind() != JsonKind.NULL;
      default -> {}
    }
  }

  /// A second document is none of a dialect.
  @Override
  public void next() {
    object = false;
  }
}
