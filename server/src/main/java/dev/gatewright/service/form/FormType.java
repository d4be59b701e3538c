package dev.gatewright.service.form;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The boundary in a `content-type: multipart/form-data`.
final class FormType {
  private static final Pattern TYPE =
      Pattern.compile(
          "(?i)multipart/form-data\\s*;\\s*boundary=(?:\"([0-9A-Za-z'()+_,./:=? -]{1,70})\""
              + "|([0-9A-Za-z'()+_,./:=?-]{1,70}))\\s*(?:;\\s*charset=\"?utf-8\"?\\s*)?");

  private FormType() {}

  /// Null when this is no form, or one whose boundary could be read in two ways.
  static @Nullable String boundary(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    Matcher type = TYPE.matcher(contentType.strip());
    if (!type.matches()) {
      return null;
    }
    return type.group(1) != null ? type.group(1) : type.group(2);
  }
}
