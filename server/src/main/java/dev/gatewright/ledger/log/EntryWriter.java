package dev.gatewright.ledger.log;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Meters;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.Usage;
import org.jspecify.annotations.Nullable;

/// Packs entries into one text. A line is an entry, a tab ends a field, numbers are decimal.
///
/// A text field equal to the same field of the entry before is left empty: a process writes the
/// same few organizations, keys and models over and over. Written by hand because it runs for every
/// call; a JSON tree costs ten times as much. [EntryReader] is its mirror.
public final class EntryWriter {
  /// The newest form this build writes; [EntryReader] knows it and all before it. 2 added `u`, 3 a
  /// source per number, 4 charges and costs, facets, further meters and the provider's request id.
  public static final int FORM = 4;

  /// The first form that knows of charges.
  static final int FORM_CHARGES = 4;

  /// Longer names are cut: a caller chooses the model's name, and rows have a limit.
  static final int TEXT_MAX = 512;

  static final int TEXTS = 13;

  private final StringBuilder out = new StringBuilder(16 * 1024);
  private final String[] before = new String[TEXTS];
  private int form;

  public EntryWriter() {
    reset(FORM);
  }

  /// Starts a payload.
  ///
  /// @param form 2 to 4: the newest that every process on this store can read
  public void reset(int form) {
    this.form = form;
    out.setLength(0);
    out.append(form).append('\n');
    java.util.Arrays.fill(before, "");
  }

  public String text() {
    return out.toString();
  }

  public int length() {
    return out.length();
  }

  /// @param counted so far: output tokens, or bytes, of which form 2 knows nothing
  public void opened(String id, Opening opening, long counted, boolean bytes, long atMillis) {
    boolean tellsBytes = bytes && form > 2;
    head('o', id, opening, tellsBytes ? EntryReader.BYTES : 0);
    number(bytes && !tellsBytes ? 0 : counted);
    number(atMillis);
    out.append('\n');
  }

  public void closed(String id, Opening opening, Outcome outcome) {
    closed(id, opening, outcome, null);
  }

  /// @param cost where the opening has a charge
  public void closed(String id, Opening opening, Outcome outcome, @Nullable Cost cost) {
    Usage usage = outcome.usage();
    boolean tokens = usage.unit() == Outcome.Unit.TOKENS;
    head(tokens ? 'c' : 'u', id, opening, flags(outcome));
    code(code(outcome.end()));
    number(outcome.status());
    number(outcome.firstByteMillis());
    number(outcome.durationMillis());
    number(outcome.requestBytes());
    number(outcome.responseBytes());
    number(usage.inputTokens());
    number(usage.outputTokens());
    number(usage.cachedTokens());
    number(usage.cacheWriteTokens());
    number(usage.reasoningTokens());
    if (form == 2) {
      code(code(usage.source()));
    } else {
      code(code(usage.inputSource()));
      code(code(usage.outputSource()));
    }
    if (!tokens) {
      code(code(usage.unit()));
      number(usage.quantity());
      if (form > 2) {
        code(code(usage.quantitySource()));
      }
    }
    if (form > 3) {
      more(opening, outcome, cost);
    }
    out.append('\n');
  }

  private void more(Opening opening, Outcome outcome, @Nullable Cost cost) {
    if (!outcome.usage().meters().isEmpty()) {
      raw(Meters.text(outcome.usage().meters()));
    }
    if (!outcome.upstreamRequestId().isEmpty()) {
      cut(outcome.upstreamRequestId());
    }
    if (opening.charge() != null) {
      cost(cost == null ? Cost.UNPRICED : cost);
    }
  }

  private void cost(Cost cost) {
    number(cost.nano());
    number(cost.unpriced() ? 1 : 0);
    number(cost.billed());
    text(11, cost.version());
    cut(cost.source());
    raw(Meters.text(cost.meters()));
  }

  private void facets(Facets facets) {
    text(8, facets.service());
    text(9, facets.site());
    text(10, facets.memberId());
    number(facets.tags().size());
    facets.tags().forEach(this::cut);
  }

  private void charge(Charge charge) {
    text(11, charge.version());
    text(12, charge.conditions());
    number(charge.wallet() ? 1 : 0);
    number(charge.holds().size());
    for (Hold hold : charge.holds()) {
      cut(hold.purse());
      number(hold.nano());
    }
  }

  /// A text of ours, which needs no escapes.
  private void raw(String text) {
    out.append(text).append('\t');
  }

  private void cut(String text) {
    escaped(text);
    out.append('\t');
  }

  public void voided(String id) {
    out.append('x').append(id).append('\t').append('\n');
  }

  /// Makes the text at least this long, with lines that say nothing.
  public void pad(int length) {
    out.repeat('\n', Math.max(0, length - out.length()));
  }

  private void head(char kind, String id, Opening opening, int more) {
    out.append(kind).append(id).append('\t');
    text(0, opening.requestId());
    text(1, opening.tenant().organizationId());
    text(2, opening.tenant().projectId());
    text(3, opening.keyId());
    text(4, opening.model());
    text(5, opening.target());
    text(6, opening.provider());
    text(7, opening.endpoint());
    number(opening.ordinal());
    number(flags(opening) | more);
    number(opening.startedMillis());
    number(opening.inputTokensEstimate());
    if (form > 3) {
      Charge charge = opening.charge();
      if (!opening.facets().equals(Facets.NONE)) {
        facets(opening.facets());
      }
      if (charge != null) {
        charge(charge);
      }
    }
  }

  /// One letter for each; [EntryReader] knows the same ones. They stand in stored rows.
  private static char code(Outcome.End end) {
    return switch (end) {
      case COMPLETED -> 'd';
      case CANCELLED -> 'c';
      case FAILED -> 'f';
      case INTERRUPTED -> 'i';
    };
  }

  private static char code(Outcome.Source source) {
    return switch (source) {
      case PROVIDER -> 'p';
      case COUNTED -> 'c';
      case NONE -> 'n';
    };
  }

  private static char code(Outcome.Unit unit) {
    return switch (unit) {
      case TOKENS -> 't';
      case AUDIO_SECONDS -> 'a';
      case IMAGES -> 'i';
      case CHARACTERS -> 'c';
      case BYTES -> 'b';
    };
  }

  private int flags(Outcome outcome) {
    if (form < 4) {
      return 0;
    }
    return (outcome.usage().meters().isEmpty() ? 0 : EntryReader.METERS)
        | (outcome.upstreamRequestId().isEmpty() ? 0 : EntryReader.UPSTREAM_ID);
  }

  private int flags(Opening opening) {
    int parts = 0;
    if (form > 3) {
      parts =
          (opening.facets().equals(Facets.NONE) ? 0 : EntryReader.FACETS)
              | (opening.charge() == null ? 0 : EntryReader.CHARGE);
    }
    return parts
        | (opening.stream() ? 1 : 0)
        | (opening.test() ? 2 : 0)
        | (opening.firstOnTarget() ? 4 : 0)
        | (opening.firstOnProvider() ? 8 : 0)
        | (opening.rung().code() << EntryReader.RUNG_SHIFT);
  }

  private void code(char letter) {
    out.append(letter).append('\t');
  }

  private void number(long value) {
    out.append(value).append('\t');
  }

  private void text(int field, String value) {
    if (!value.equals(before[field])) {
      before[field] = value;
      escaped(value);
    }
    out.append('\t');
  }

  private void escaped(String value) {
    int length = Math.min(value.length(), TEXT_MAX);
    if (length == 0) {
      out.append("\\e");
      return;
    }
    int clean = 0;
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '\\') {
        out.append(value, clean, i).append('\\').append(escape(c));
        clean = i + 1;
      }
    }
    out.append(value, clean, length);
  }

  private static char escape(char c) {
    return switch (c) {
      case '\t' -> 't';
      case '\n' -> 'n';
      case '\\' -> '\\';
      // No name has a use for other control characters, and PostgreSQL takes no NUL.
      default -> '?';
    };
  }
}
