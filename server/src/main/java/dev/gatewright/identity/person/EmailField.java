package dev.gatewright.identity.person;

import dev.gatewright.mail.EmailAddress;
import dev.gatewright.rest.Problem;
import dev.gatewright.tenant.Addresses;
import org.jspecify.annotations.Nullable;

/// The field `email` of a request. Pure.
public final class EmailField {
  private EmailField() {}

  /// @throws Problem 422 when it is missing or no address
  public static EmailAddress required(@Nullable String text) {
    EmailAddress email = text == null ? null : EmailAddress.parse(text);
    if (email == null) {
      throw Problem.wrong(
          "/email",
          "%s (expected: %s)".formatted(text == null ? "missing" : text, Addresses.EXPECTED));
    }
    return email;
  }
}
