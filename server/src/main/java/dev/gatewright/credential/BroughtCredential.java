package dev.gatewright.credential;

import dev.gatewright.edge.Refusal;
import dev.gatewright.secret.Secret;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The credential a caller brings along in `X-Provider-Auth`, for the provider that `X-Provider`
/// names. Good for one call: nobody keeps it.
///
/// @param secret without its scheme
/// @param provider in lower case; null = not said
public record BroughtCredential(Secret secret, @Nullable String provider) {
  public static final String HEADER = "x-provider-auth";
  public static final String PROVIDER_HEADER = "x-provider";

  private static final int CHARACTERS_MAX = 4_096;
  private static final String BEARER = "bearer ";

  /// What the headers come to.
  public sealed interface Read {
    record None() implements Read {}

    record Good(BroughtCredential brought) implements Read {}

    record Wrong(Refusal refusal) implements Read {}
  }

  private static final Read NONE = new Read.None();

  /// @param headers all values of a header by its lower-case name
  public static Read read(Function<String, List<String>> headers) {
    List<String> auth = headers.apply(HEADER);
    if (auth.isEmpty()) {
      return NONE;
    }
    List<String> provider = headers.apply(PROVIDER_HEADER);
    if (auth.size() > 1) {
      return twice("X-Provider-Auth", auth.size());
    }
    if (provider.size() > 1) {
      return twice("X-Provider", provider.size());
    }
    String value = token(auth.getFirst());
    if (!presentable(value)) {
      return new Read.Wrong(
          Refusal.invalid(
              "X-Provider-Auth: not a provider's key (expected: Bearer and the key, or the key alone)",
              "X-Provider-Auth"));
    }
    String id = provider.isEmpty() ? null : id(provider.getFirst());
    return new Read.Good(new BroughtCredential(Secret.of(value), id));
  }

  /// One that is said to come along with a call that is not made: nothing is sent with it.
  ///
  /// @param provider what `X-Provider` would say; null = nothing
  public static BroughtCredential imagined(@Nullable String provider) {
    return new BroughtCredential(Secret.of("-"), id(provider == null ? "" : provider));
  }

  private static @Nullable String id(String provider) {
    String id = provider.strip().toLowerCase(Locale.ROOT);
    return id.isEmpty() ? null : id;
  }

  /// A key's text without `Bearer`.
  public static String token(String text) {
    String value = text.strip();
    return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : value;
  }

  /// Whether it could be a key: no space, and nothing a header cannot carry.
  public static boolean presentable(String value) {
    return !value.isEmpty()
        && value.length() <= CHARACTERS_MAX
        && !value.equalsIgnoreCase("bearer")
        && value.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static Read twice(String name, int times) {
    return new Read.Wrong(
        Refusal.invalid("%s: %d times (expected: once)".formatted(name, times), name));
  }

  @Override
  public String toString() {
    return "BroughtCredential[" + provider + "]";
  }
}
