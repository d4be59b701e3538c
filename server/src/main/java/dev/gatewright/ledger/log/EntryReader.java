package dev.gatewright.ledger.log;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Meters;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.Rung;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Unpacks what [EntryWriter] packed.
public final class EntryReader {
  /// Of the flags of an `o`: what it counts is bytes. Since form 3.
  static final int BYTES = 16;

  /// Of the flags: three bits that tell the rung. Whoever reads no more than the bits it knows sees
  /// a row without one.
  static final int RUNG_SHIFT = 5;

  private static final int RUNG_BITS = 7;

  /// Of the flags, since form 4: what an entry has beyond what every one has.
  static final int CHARGE = 256;

  static final int FACETS = 512;
  static final int METERS = 1024;
  static final int UPSTREAM_ID = 2048;

  private final String payload;
  private final String[] before = new String[EntryWriter.TEXTS];
  private final int form;

  /// Of the last opening.
  private int flags;

  private int at;

  private EntryReader(String payload) {
    this.payload = payload;
    this.form = form(payload);
    this.at = payload.indexOf('\n') + 1;
    Arrays.fill(before, "");
  }

  private static int form(String payload) {
    int end = payload.indexOf('\n');
    String form = payload.substring(0, Math.clamp(end, 0, 8));
    if (!form.matches("[1-9][0-9]*") || Integer.parseInt(form) > EntryWriter.FORM) {
      throw new IllegalArgumentException(
          "attempt log: a row of form \"%s\" (expected: 1 to %d)"
              .formatted(form, EntryWriter.FORM));
    }
    return Integer.parseInt(form);
  }

  /// Hands over each entry in its order.
  ///
  /// @throws IllegalArgumentException when this is not a payload of ours
  public static void read(String payload, Consumer<LogEntry> entries) {
    EntryReader reader = new EntryReader(payload);
    while (reader.at < payload.length()) {
      if (payload.charAt(reader.at) == '\n') {
        reader.at++;
      } else {
        entries.accept(reader.entry());
      }
    }
  }

  private LogEntry entry() {
    char kind = payload.charAt(at++);
    String id = field();
    LogEntry entry =
        switch (kind) {
          case 'o' -> {
            Opening opening = opening();
            yield new LogEntry.Opened(
                id, opening, number(), form > 2 && (flags & BYTES) != 0, number());
          }
          case 'c' -> {
            Opening opening = opening();
            yield closed(id, opening, false);
          }
          case 'u' -> {
            Opening opening = opening();
            yield closed(id, opening, true);
          }
          case 'x' -> new LogEntry.Voided(id);
          default -> throw new IllegalArgumentException("attempt log: entry of kind " + kind);
        };
    if (payload.charAt(at++) != '\n') {
      throw new IllegalArgumentException("attempt log: an entry with more fields than expected");
    }
    return entry;
  }

  private Opening opening() {
    String requestId = text(0);
    Tenant tenant = new Tenant(text(1), text(2));
    String keyId = text(3);
    String model = text(4);
    String target = text(5);
    String provider = text(6);
    String endpoint = text(7);
    int ordinal = (int) number();
    flags = (int) number();
    long startedMillis = number();
    long inputTokensEstimate = number();
    return new Opening(
        requestId,
        ordinal,
        (flags & 4) != 0,
        (flags & 8) != 0,
        tenant,
        keyId,
        model,
        target,
        provider,
        endpoint,
        (flags & 1) != 0,
        (flags & 2) != 0,
        startedMillis,
        inputTokensEstimate,
        Rung.of(flags >> RUNG_SHIFT & RUNG_BITS),
        has(FACETS) ? facets() : Facets.NONE,
        has(CHARGE) ? charge() : null);
  }

  private boolean has(int part) {
    return form > 3 && (flags & part) != 0;
  }

  private Facets facets() {
    String service = text(8);
    String site = text(9);
    String member = text(10);
    List<String> tags = new ArrayList<>();
    for (long left = number(); left > 0; left--) {
      tags.add(unescaped(field()));
    }
    return new Facets(service, site, member, tags);
  }

  private Charge charge() {
    String version = text(11);
    String conditions = text(12);
    boolean wallet = number() != 0;
    List<Hold> holds = new ArrayList<>();
    for (long left = number(); left > 0; left--) {
      holds.add(new Hold(unescaped(field()), number()));
    }
    return new Charge(version, conditions, wallet, holds);
  }

  private LogEntry.Closed closed(String id, Opening opening, boolean measured) {
    Outcome outcome = outcome(measured);
    if (has(METERS)) {
      outcome = outcome.with(outcome.usage().with(Meters.parse(field())));
    }
    if (has(UPSTREAM_ID)) {
      outcome = outcome.with(unescaped(field()));
    }
    return new LogEntry.Closed(id, opening, outcome, has(CHARGE) ? cost() : null);
  }

  private Cost cost() {
    long nano = number();
    boolean unpriced = number() != 0;
    long billed = number();
    return new Cost(nano, unpriced, billed, text(11), unescaped(field()), Meters.parse(field()));
  }

  /// @param measured the entry ends with a unit and a quantity
  private Outcome outcome(boolean measured) {
    End end = end();
    int status = (int) number();
    long firstByteMillis = number();
    long durationMillis = number();
    long requestBytes = number();
    long responseBytes = number();
    return new Outcome(
        end, status, usage(measured), firstByteMillis, durationMillis, requestBytes, responseBytes);
  }

  private Usage usage(boolean measured) {
    long input = number();
    long output = number();
    long cached = number();
    long cacheWrite = number();
    long reasoning = number();
    Source inputSource = source();
    Source outputSource = form < 3 ? inputSource : source();
    if (!measured) {
      return new Usage(input, output, cached, cacheWrite, reasoning, inputSource, outputSource);
    }
    Unit unit = unit();
    long quantity = number();
    Source quantitySource = form < 3 ? inputSource : source();
    return new Usage(
        input,
        output,
        cached,
        cacheWrite,
        reasoning,
        // Until form 3 there was one source for the row: what it measured, tokens only if it had
        // any.
        form < 3 && input == 0 ? Source.NONE : inputSource,
        form < 3 && output == 0 ? Source.NONE : outputSource,
        unit,
        quantity,
        quantitySource);
  }

  private End end() {
    char code = code();
    return switch (code) {
      case 'd' -> End.COMPLETED;
      case 'c' -> End.CANCELLED;
      case 'f' -> End.FAILED;
      case 'i' -> End.INTERRUPTED;
      default -> throw new IllegalArgumentException("attempt log: an end of kind " + code);
    };
  }

  private Source source() {
    char code = code();
    return switch (code) {
      case 'p' -> Source.PROVIDER;
      case 'c' -> Source.COUNTED;
      case 'n' -> Source.NONE;
      default -> throw new IllegalArgumentException("attempt log: a source of kind " + code);
    };
  }

  private Unit unit() {
    char code = code();
    return switch (code) {
      case 't' -> Unit.TOKENS;
      case 'a' -> Unit.AUDIO_SECONDS;
      case 'i' -> Unit.IMAGES;
      case 'c' -> Unit.CHARACTERS;
      case 'b' -> Unit.BYTES;
      default -> throw new IllegalArgumentException("attempt log: a unit of kind " + code);
    };
  }

  /// A field of one character.
  private char code() {
    if (at + 1 >= payload.length() || payload.charAt(at + 1) != '\t') {
      throw new IllegalArgumentException("attempt log: a code of more than one character");
    }
    char code = payload.charAt(at);
    at += 2;
    return code;
  }

  private String field() {
    int end = payload.indexOf('\t', at);
    if (end < 0) {
      throw new IllegalArgumentException("attempt log: a payload that ends within an entry");
    }
    String field = payload.substring(at, end);
    at = end + 1;
    return field;
  }

  private long number() {
    int end = payload.indexOf('\t', at);
    long value = Long.parseLong(payload, at, end, 10);
    at = end + 1;
    return value;
  }

  private String text(int field) {
    if (at < payload.length() && payload.charAt(at) == '\t') {
      at++; // The same as in the entry before, which is most of them.
    } else {
      String raw = field();
      before[field] = raw.indexOf('\\') < 0 ? raw : unescaped(raw);
    }
    return before[field];
  }

  private static String unescaped(String raw) {
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '\\' && i + 1 < raw.length()) {
        switch (raw.charAt(++i)) {
          case 't' -> text.append('\t');
          case 'n' -> text.append('\n');
          case '\\' -> text.append('\\');
          case 'e' -> {}
          default -> text.append('\ufffd');
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
