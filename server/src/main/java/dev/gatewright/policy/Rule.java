package dev.gatewright.policy;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One rule of a layer: an effect, a type, and the values it names.
///
/// Rules of the same type and effect are a union; once a type has an allow rule, all else of that
/// type is denied; deny wins. A type that does not apply to a call is skipped.
///
/// @param values at least one; [RuleCheck] says what is well-formed for each type
/// @param name what its maker calls it; may be empty
/// @param id `rule_…` of a row of the table; empty for a key's, see [RuleIds]
public record Rule(Effect effect, Type type, List<String> values, String name, String id) {
  /// More values than this are not repeated in a message.
  private static final int VALUES_SHOWN_MAX = 5;

  public Rule {
    values = List.copyOf(values);
  }

  /// A rule without a name.
  public Rule(Effect effect, Type type, List<String> values) {
    this(effect, type, values, "", "");
  }

  /// For messages, such as `allow models fast, local/*`.
  public String text() {
    int shown = Math.min(values.size(), VALUES_SHOWN_MAX);
    String more = shown < values.size() ? " and %d more".formatted(values.size() - shown) : "";
    return "%s %s %s%s"
        .formatted(effect.word(), type.word(), String.join(", ", values.subList(0, shown)), more);
  }

  public enum Effect {
    ALLOW,
    DENY;

    /// As in JSON and in the database.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static @Nullable Effect of(String word) {
      for (Effect effect : values()) {
        if (effect.word().equals(word)) {
          return effect;
        }
      }
      return null;
    }
  }

  /// What the values name.
  public enum Type {
    /// Model names, asked or `provider/model`; a final `*` matches any rest.
    MODELS,
    /// Provider ids.
    PROVIDERS,
    /// What models may cost by list price: `input<=5/1M`, see [PriceTerms].
    PRICES,
    /// Service ids.
    SERVICES,
    /// Room provider ids.
    ROOMS,
    /// CIDR ranges of callers' addresses.
    IP;

    /// All words, for errors.
    public static final String WORDS = "models, providers, prices, services, rooms or ip";

    /// As in JSON and in the database.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static @Nullable Type of(String word) {
      for (Type type : values()) {
        if (type.word().equals(word)) {
          return type;
        }
      }
      return null;
    }
  }
}
