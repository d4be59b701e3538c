package dev.gatewright.identity.code;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.mail.EmailAddress;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Who may sign in without having been made a person before: the setting `sign-up`.
public sealed interface SignUp {
  /// Those alone who were invited.
  record Invited() implements SignUp {}

  record Everybody() implements SignUp {}

  /// @param domains in lower case, ASCII form
  record OfDomains(Set<String> domains) implements SignUp {
    public OfDomains {
      domains = Set.copyOf(domains);
    }
  }

  /// Whether an address that nobody invited may.
  default boolean open(EmailAddress email) {
    return switch (this) {
      case Invited _ -> false;
      case Everybody _ -> true;
      case OfDomains of -> of.domains.contains(email.domain());
    };
  }

  /// @param root the whole configuration
  static SignUp from(Settings root) {
    if (root.mapping("sign-up")) {
      Set<String> domains =
          root.section("sign-up").texts("domains").stream()
              .map(domain -> domain.toLowerCase(Locale.ROOT))
              .collect(Collectors.toUnmodifiableSet());
      for (String domain : domains) {
        EmailAddress any = EmailAddress.parse("a@" + domain);
        if (any == null || !any.domain().equals(domain)) {
          throw new InvalidSetting(
              "sign-up.domains: %s (expected: a domain such as example.com)".formatted(domain));
        }
      }
      if (domains.isEmpty()) {
        throw new InvalidSetting("sign-up.domains: none (expected: at least one domain)");
      }
      return new OfDomains(domains);
    }
    String word = root.text("sign-up", "invite");
    return switch (word) {
      case "invite" -> new Invited();
      case "open" -> new Everybody();
      case String _ ->
          throw new InvalidSetting(
              "sign-up: %s (expected: invite, open or { domains: […] })".formatted(word));
    };
  }
}
