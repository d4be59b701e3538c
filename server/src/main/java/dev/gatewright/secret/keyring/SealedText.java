package dev.gatewright.secret.keyring;

import org.jspecify.annotations.Nullable;

/// A sealed value as it stands in the store: `gws1.VERSION.VALUE`. Read by hand: calls open one
/// each.
///
/// @param version of the data key it was sealed with, from 1
/// @param value what the key made of it, base64url
record SealedText(long version, String value) {
  private static final String FORM = "gws1.";
  private static final int VERSION_DIGITS_MAX = 18;

  String text() {
    return FORM + version + "." + value;
  }

  /// Null for any other text; whether the value is base64url is asked where it is opened.
  static @Nullable SealedText read(String text) {
    int dot = text.indexOf('.', FORM.length());
    int digits = dot - FORM.length();
    if (!text.startsWith(FORM)
        || digits < 1
        || digits > VERSION_DIGITS_MAX
        || text.charAt(FORM.length()) == '0'
        || dot + 1 == text.length()) {
      return null;
    }
    long version = 0;
    for (int i = FORM.length(); i < dot; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      version = version * 10 + digit;
    }
    return new SealedText(version, text.substring(dot + 1));
  }
}
