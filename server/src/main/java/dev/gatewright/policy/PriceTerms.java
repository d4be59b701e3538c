package dev.gatewright.policy;

import dev.gatewright.policy.ListedPrice.Listed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One value of a `prices` rule: `input<=5/1M`, or several that must all hold, `input<=5/1M &
/// output<=15/1M`. A meter without a price meets no term. Immutable.
///
/// @param terms at least one
record PriceTerms(List<Term> terms) {
  static final String EXPECTED =
      "such as input<=5/1M, or several joined by &: METER, then <=, <, >= or >, then USD/UNITS";

  private static final int TERMS_MAX = 16;
  private static final Pattern TERM =
      Pattern.compile(
          " *([a-z][a-z0-9_]{0,40}) *(<=|>=|<|>) *([0-9]{1,10}(?:\\.[0-9]{1,9})?) */ *([0-9]{1,12})([kM]?) *");

  PriceTerms {
    terms = List.copyOf(terms);
  }

  /// @param below it is met by what is cheaper
  /// @param equal and by what costs the same
  record Term(String meter, boolean below, boolean equal, BigInteger nano, BigInteger per) {
    boolean met(ListedPrice price) {
      Listed listed = price.dearest(meter);
      if (listed == null) {
        return false;
      }
      int order = compare(BigInteger.valueOf(listed.nano()), BigInteger.valueOf(listed.per()));
      return order == 0 ? equal : below ? order < 0 : order > 0;
    }

    /// How a rate compares with this one's.
    private int compare(BigInteger otherNano, BigInteger otherPer) {
      return otherNano.multiply(per).compareTo(nano.multiply(otherPer));
    }

    /// Whatever meets `narrow` meets this.
    boolean covers(Term narrow) {
      if (!meter.equals(narrow.meter) || below != narrow.below) {
        return false;
      }
      int order = compare(narrow.nano, narrow.per);
      return order == 0 ? equal || !narrow.equal : below ? order < 0 : order > 0;
    }
  }

  /// @throws IllegalArgumentException for what is none; the message names it
  static PriceTerms parse(String value) {
    String[] parts = value.split("&", -1);
    if (parts.length > TERMS_MAX) {
      throw new IllegalArgumentException(
          "%d terms (expected: at most %d)".formatted(parts.length, TERMS_MAX));
    }
    List<Term> terms = new ArrayList<>();
    for (String part : parts) {
      Term term = term(part);
      if (term == null) {
        throw new IllegalArgumentException(
            "%s (expected: %s)".formatted(part.isBlank() ? value : part.strip(), EXPECTED));
      }
      terms.add(term);
    }
    return new PriceTerms(terms);
  }

  private static @Nullable Term term(String text) {
    Matcher match = TERM.matcher(text);
    if (!match.matches()) {
      return null;
    }
    long scale =
        switch (match.group(5)) {
          case "k" -> 1_000;
          case "M" -> 1_000_000;
          default -> 1;
        };
    BigInteger per = new BigInteger(match.group(4)).multiply(BigInteger.valueOf(scale));
    String order = match.group(2);
    return per.signum() == 0
        ? null
        : new Term(
            match.group(1),
            order.startsWith("<"),
            order.endsWith("="),
            new BigDecimal(match.group(3)).movePointRight(9).toBigIntegerExact(),
            per);
  }

  boolean met(ListedPrice price) {
    for (Term term : terms) {
      if (!term.met(price)) {
        return false;
      }
    }
    return true;
  }

  /// Whatever `narrow` matches, this matches too.
  boolean covers(PriceTerms narrow) {
    return terms.stream().allMatch(term -> narrow.terms.stream().anyMatch(term::covers));
  }
}
