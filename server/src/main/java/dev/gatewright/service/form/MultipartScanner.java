package dev.gatewright.service.form;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the parts of a `multipart/form-data` body (RFC 7578) fed in pieces split at any byte.
/// Strict: what two parsers might read differently is a problem, because a rule about a field holds
/// only if the backend reads the same field. Holds one part's header. Confined to one thread.
final class MultipartScanner {
  private static final int HEADER_BYTES_MAX = 8 * 1024;

  /// Hears of the parts in their order.
  interface Parts {
    void began(PartHeader header);

    void data(byte[] bytes, int from, int to);

    void ended();
  }

  private enum Place {
    /// Nothing but the first delimiter may stand there.
    START,
    BEHIND_DELIMITER,
    HEADER,
    CONTENT,
    OVER
  }

  private final byte[] delimiter;
  private final Parts parts;
  private final StringBuilder line = new StringBuilder();
  private Place place = Place.START;

  /// So many bytes of the delimiter have matched. The body begins as if behind a line break.
  private int matched = 2;

  private @Nullable String problem;

  MultipartScanner(String boundary, Parts parts) {
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.parts = parts;
  }

  /// Takes the next bytes; false once the body is not acceptable.
  boolean feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && problem == null) {
      at =
          switch (place) {
            case START, CONTENT -> content(bytes, at, to);
            case BEHIND_DELIMITER, HEADER -> line(bytes[at], at);
            case OVER -> over(bytes, at, to);
          };
    }
    return problem == null;
  }

  /// The body has ended; false when its last delimiter is missing.
  boolean finish() {
    if (problem == null && place != Place.OVER) {
      problem = "it ends before its last boundary";
    }
    return problem == null;
  }

  @Nullable String problem() {
    return problem;
  }

  private int content(byte[] bytes, int from, int to) {
    int clean = from;
    int at = from;
    while (at < to) {
      if (matched == 0 && bytes[at] != '\r') {
        at++;
        continue;
      }
      if (bytes[at] == delimiter[matched]) {
        if (matched == 0) {
          tell(bytes, clean, at);
        }
        matched++;
        at++;
        clean = at;
        if (matched == delimiter.length) {
          delimited();
          return at;
        }
      } else {
        mismatch();
        if (problem != null) {
          return to;
        }
        clean = at;
        // The byte itself is looked at again: it may begin a delimiter.
      }
    }
    tell(bytes, clean, matched == 0 ? to : clean);
    return to;
  }

  /// A parser that does not know where a form ends would find another part there.
  private int over(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] != '\r' && bytes[at] != '\n') {
        problem = "something stands behind its last boundary";
      }
    }
    return to;
  }

  /// What had matched was content after all.
  private void mismatch() {
    if (place == Place.START) {
      problem = "it does not begin with its boundary";
      return;
    }
    parts.data(delimiter, 0, matched);
    matched = 0;
  }

  private void tell(byte[] bytes, int from, int to) {
    if (from < to && place == Place.CONTENT) {
      parts.data(bytes, from, to);
    } else if (from < to) {
      problem = "it does not begin with its boundary";
    }
  }

  private void delimited() {
    if (place == Place.CONTENT) {
      parts.ended();
    }
    matched = 0;
    line.setLength(0);
    place = Place.BEHIND_DELIMITER;
  }

  /// Gathers what stands up to the line break, or up to the blank line of a header.
  private int line(byte b, int at) {
    line.append((char) (b & 0xff));
    if (place == Place.BEHIND_DELIMITER) {
      if (line.length() == 2 && line.indexOf("--") == 0) {
        place = Place.OVER;
      } else if (line.length() == 2 && line.indexOf("\r\n") == 0) {
        line.setLength(0);
        place = Place.HEADER;
      } else if (line.length() >= 2) {
        problem = "its boundary is followed by something else than a line break";
      }
    } else if (line.length() > HEADER_BYTES_MAX) {
      problem = "a part's header is longer than %d bytes".formatted(HEADER_BYTES_MAX);
    } else if (b == '\n' && line.length() >= 4 && line.indexOf("\r\n\r\n") == line.length() - 4) {
      header(line.substring(0, line.length() - 4));
    } else if (b == '\n' && line.length() == 2) {
      problem = "a part without a header";
    }
    return at + 1;
  }

  private void header(String text) {
    switch (PartHeader.parse(text)) {
      case PartHeader.Parsed.Good(PartHeader header) -> {
        place = Place.CONTENT;
        parts.began(header);
      }
      case PartHeader.Parsed.Bad(String why) -> problem = why;
    }
  }
}
