package dev.gatewright.mail;

import java.net.IDN;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An address mail can be sent to, and nothing around it: no display name, comment, literal or
/// quoting, all of which some reader of addresses understands differently. Immutable; made by
/// [#parse].
///
/// @param text `local@domain`, the local part as it was written, the domain in lower-case ASCII
public record EmailAddress(String text) {
  private static final int CHARACTERS_MAX = 254;
  private static final int LOCAL_CHARACTERS_MAX = 64;
  private static final int LABEL_CHARACTERS_MAX = 63;

  /// RFC 5322's dot-atom.
  private static final Pattern LOCAL =
      Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

  private static final Pattern DOMAIN =
      Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])?");

  public EmailAddress {
    if (!text.equals(normal(text))) {
      throw new IllegalArgumentException("not an address in its normal form");
    }
  }

  /// The address, or null when it is none (expected: at most 254 characters, one `@`, a plain local
  /// part of at most 64, a domain with a dot). International domains come back in ASCII.
  public static @Nullable EmailAddress parse(String text) {
    String normal = normal(text);
    return normal == null ? null : new EmailAddress(normal);
  }

  /// By which two addresses are the same person's: all in lower case. Dots and `+` count: what they
  /// mean is the mail server's business.
  public String key() {
    return text.toLowerCase(Locale.ROOT);
  }

  /// What stands behind the `@`.
  public String domain() {
    return text.substring(text.indexOf('@') + 1);
  }

  private static @Nullable String normal(String text) {
    int at = text.indexOf('@');
    if (text.length() > CHARACTERS_MAX || at < 1 || at > LOCAL_CHARACTERS_MAX) {
      return null;
    }
    String local = text.substring(0, at);
    String domain = ascii(text.substring(at + 1));
    return domain != null
            && LOCAL.matcher(local).matches()
            && at + 1 + domain.length() <= CHARACTERS_MAX
        ? local + "@" + domain
        : null;
  }

  private static @Nullable String ascii(String domain) {
    try {
      String ascii = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
      boolean fits =
          DOMAIN.matcher(ascii).matches()
              && Arrays.stream(ascii.split("\\."))
                  .allMatch(label -> label.length() <= LABEL_CHARACTERS_MAX);
      return fits ? ascii : null;
    } catch (IllegalArgumentException noDomain) {
      return null;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
