package dev.gatewright.identity.person;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An e-mail address as a person may have it here: `local@domain` and nothing around it (no display
/// name, comment, quoted part or address literal), so that no reader of it takes another one out of
/// it.
///
/// @param text as it was given
/// @param key what makes two the same: in lower case, the domain in its ASCII form; dots and `+`
///   count
public record EmailAddress(String text, String key) {
  public static final int CHARACTERS_MAX = 254;
  public static final String EXPECTED =
      "an address such as ana@example.com, at most 254 characters";

  private static final int LOCAL_MAX = 64;
  private static final Pattern LOCAL =
      Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+");

  /// Null when it is none.
  public static @Nullable EmailAddress parse(@Nullable String text) {
    if (text == null || text.length() > CHARACTERS_MAX) {
      return null;
    }
    int at = text.indexOf('@');
    if (at < 1 || at > LOCAL_MAX || at != text.lastIndexOf('@')) {
      return null;
    }
    String local = text.substring(0, at);
    String domain = ascii(text.substring(at + 1));
    if (domain == null || !LOCAL.matcher(local).matches() || !DOMAIN.matcher(domain).matches()) {
      return null;
    }
    String key = local.toLowerCase(Locale.ROOT) + "@" + domain;
    return key.length() > CHARACTERS_MAX ? null : new EmailAddress(text, key);
  }

  private static @Nullable String ascii(String domain) {
    try {
      return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException notDomain) {
      return null;
    }
  }

  /// What stands behind the `@`, in its ASCII form.
  public String domain() {
    return key.substring(key.indexOf('@') + 1);
  }
}
