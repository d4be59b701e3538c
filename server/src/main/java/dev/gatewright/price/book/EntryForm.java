package dev.gatewright.price.book;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.edge.Refusal;
import dev.gatewright.price.meter.Leaves;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A price as people write it: the body of `POST /api/prices`, and an entry of a file of prices.
///
/// @param from an instant or a day (UTC); null = from its making on
/// @param names of a file: more models that cost the same
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EntryForm(
    @Nullable String model,
    @Nullable String from,
    @Nullable Map<String, @Nullable JsonNode> meters,
    @Nullable List<@Nullable TierForm> tiers,
    @Nullable Map<String, @Nullable String> service,
    @Nullable Map<String, @Nullable String> factor,
    @Nullable Map<String, @Nullable QuantityForm> quantity,
    @JsonProperty("free_fields") @JsonAlias("free-fields")
        @Nullable List<@Nullable String> freeFields,
    @Nullable Long context,
    @Nullable Long output,
    @Nullable String source,
    @Nullable String read,
    @Nullable List<String> names) {
  private static final Pattern MODEL =
      Pattern.compile("[a-z][a-z0-9-]{0,30}/[\\x21-\\x29\\x2b-\\x7e]{0,200}\\*?");
  private static final int METERS_MAX = 32;
  private static final int TIERS_MAX = 8;
  private static final int RATIOS_MAX = 32;
  private static final int FIELDS_MAX = 100;
  private static final int TEXT_MAX = 300;
  public static final Set<String> ROUNDED = Set.of("audio_seconds", "code_seconds", "rerank_units");

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record TierForm(
      @Nullable String when,
      @Nullable List<String> of,
      @Nullable Map<String, @Nullable JsonNode> meters) {}

  /// @param round `up` or `nearest`; null = up
  /// @param per so many are one; beside neither of the others
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record QuantityForm(
      @Nullable Long min, @Nullable Long step, @Nullable String round, @Nullable Long per) {}

  /// What does not fit.
  public static final class Misfit extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String pointer;

    Misfit(String pointer, String message) {
      super(message);
      this.pointer = pointer;
    }

    /// JSON pointer of the value.
    public String pointer() {
      return pointer;
    }
  }

  /// @param now what `from` is where it is not given
  /// @throws Misfit when it does not fit
  public PriceEntry checked(Instant now) {
    String name = model == null ? "" : model;
    if (!MODEL.matcher(name).matches()
        || (name.contains("*") && name.indexOf('*') < name.length() - 1)) {
      throw new Misfit(
          "/model",
          "%s (expected: provider/model or service/path, a * at most at its end)"
              .formatted(Refusal.shown(name)));
    }
    Map<String, Quantity> rounding = quantities();
    Map<String, Rate> rates = rates("/meters", meters);
    if (name.length() > 256) {
      throw new Misfit("/model", "%d characters (expected: at most 256)".formatted(name.length()));
    }
    if (rates.isEmpty()) {
      throw new Misfit("/meters", "missing (expected: at least one meter)");
    }
    return new PriceEntry(
        name,
        from == null ? now : at("/from", from),
        rates,
        tierList(),
        ratios("/service", service),
        ratios("/factor", factor),
        rounding,
        fields(),
        size("/context", context),
        size("/output", output),
        sourceText(),
        read == null ? null : day(read));
  }

  private String sourceText() {
    String text = source == null ? "" : source;
    if (text.length() > TEXT_MAX) {
      throw new Misfit(
          "/source", "%d characters (expected: at most %d)".formatted(text.length(), TEXT_MAX));
    }
    return text;
  }

  private static long size(String pointer, @Nullable Long tokens) {
    if (tokens != null && (tokens < 1 || tokens > 1_000_000_000)) {
      throw new Misfit(pointer, "%d (expected: 1 to 10^9 tokens)".formatted(tokens));
    }
    return tokens == null ? 0 : tokens;
  }

  public static Instant at(String pointer, String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Misfit(
          pointer, "%s (expected: a time in RFC 3339, or a day)".formatted(Refusal.shown(text)));
    }
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new Misfit(
          "/read", "%s (expected: a day, such as 2026-08-02)".formatted(Refusal.shown(text)));
    }
  }

  private static <T, R> Map<String, R> each(
      String pointer, @Nullable Map<String, @Nullable T> map, int max, Function<T, R> read) {
    Map<String, R> all = new TreeMap<>();
    if (map == null) {
      return all;
    }
    if (map.size() > max) {
      throw new Misfit(pointer, "%d (expected: at most %d)".formatted(map.size(), max));
    }
    map.forEach((name, value) -> {
      if (value == null) {
        throw new Misfit(pointer + "/" + name, "null (expected: a value)");
      }
      try {
        all.put(name, read.apply(value));
      } catch (IllegalArgumentException | ArithmeticException misfit) {
        throw new Misfit(pointer + "/" + name, Objects.toString(misfit.getMessage()));
      }
    });
    return all;
  }

  private static Map<String, Rate> rates(
      String pointer, @Nullable Map<String, @Nullable JsonNode> map) {
    Map<String, Rate> rates = each(pointer, map, METERS_MAX, EntryForm::rate);
    rates
        .keySet()
        .forEach(name -> {
          if (!Leaves.priced(name)) {
            throw new Misfit(
                pointer + "/" + name, "%s (expected: a meter)".formatted(Refusal.shown(name)));
          }
        });
    return rates;
  }

  /// `{"usd": "3.00", "per": "1M"}`, or `3.00/1M` in one text.
  private static Rate rate(JsonNode form) {
    if (form.isTextual()) {
      return Rate.parse(form.textValue());
    }
    JsonNode usd = form.path("usd");
    JsonNode per = form.path("per");
    boolean whole = per.isMissingNode() || per.isTextual() || per.isIntegralNumber();
    if (!form.isObject()
        || !usd.isTextual()
        || !whole
        || form.size() > (per.isMissingNode() ? 1 : 2)) {
      throw new IllegalArgumentException("expected: {\"usd\": \"3.00\", \"per\": \"1M\"}");
    }
    return Rate.of(usd.textValue(), per.isMissingNode() ? "1" : per.asText());
  }

  private List<Tier> tierList() {
    List<Tier> all = new ArrayList<>();
    List<@Nullable TierForm> given = tiers == null ? List.of() : tiers;
    if (given.size() > TIERS_MAX) {
      throw new Misfit("/tiers", "%d (expected: at most %d)".formatted(given.size(), TIERS_MAX));
    }
    for (int i = 0; i < given.size(); i++) {
      String pointer = "/tiers/" + i;
      TierForm form = given.get(i);
      if (form == null) {
        throw new Misfit(pointer, "null (expected: an object)");
      }
      if (form.of() != null
          && (form.of().size() > METERS_MAX || form.of().stream().anyMatch(EntryForm::strange))) {
        throw new Misfit(
            pointer + "/of", "expected: at most %d names of meters".formatted(METERS_MAX));
      }
      try {
        all.add(
            Tier.of(
                form.when() == null ? "" : form.when(),
                form.of() == null ? List.of() : form.of(),
                rates(pointer + "/meters", form.meters())));
      } catch (IllegalArgumentException misfit) {
        throw new Misfit(pointer + "/when", Objects.toString(misfit.getMessage()));
      }
    }
    return all;
  }

  private static boolean strange(@Nullable String meter) {
    return meter == null || meter.length() > 64;
  }

  private static Map<String, Ratio> ratios(
      String pointer, @Nullable Map<String, @Nullable String> map) {
    return each(pointer, map, RATIOS_MAX, Ratio::parse);
  }

  private Map<String, Quantity> quantities() {
    Map<String, Quantity> all = each("/quantity", quantity, ROUNDED.size(), EntryForm::quantity);
    all.keySet()
        .forEach(name -> {
          if (!ROUNDED.contains(name)) {
            throw new Misfit(
                "/quantity/" + name,
                "%s (expected: audio_seconds, code_seconds or rerank_units)".formatted(name));
          }
        });
    return all;
  }

  private static Quantity quantity(QuantityForm form) {
    String round = form.round() == null ? "up" : form.round();
    if (!round.equals("up") && !round.equals("nearest")) {
      throw new IllegalArgumentException("%s (expected: up or nearest)".formatted(round));
    }
    long per = form.per() == null ? 0 : form.per();
    if (form.per() != null && per < 1) {
      throw new IllegalArgumentException("per: %d (expected: >= 1)".formatted(per));
    }
    return new Quantity(
        form.min() == null ? 0 : form.min(),
        form.step() == null ? 0 : form.step(),
        round.equals("nearest"),
        Math.max(per, 1));
  }

  private Set<String> fields() {
    List<@Nullable String> given = freeFields == null ? List.of() : freeFields;
    if (given.size() > FIELDS_MAX
        || given.stream().anyMatch(each -> each == null || each.length() > 64)) {
      throw new Misfit(
          "/free_fields",
          "expected: at most %d names of at most 64 characters".formatted(FIELDS_MAX));
    }
    return Set.copyOf(given.stream().map(Objects::requireNonNull).toList());
  }
}
