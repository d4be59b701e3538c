package dev.gatewright.room.config;

import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.secret.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether a credential has the parts its provider needs.
public final class CredentialCheck {
  private static final int VALUE_CHARACTERS_MAX = 4_096;

  private CredentialCheck() {}

  /// What is wrong, naming fields and never values; null when nothing is.
  public static @Nullable String fault(ProviderFacts facts, Map<String, Secret> fields) {
    boolean address = !facts.takesUrl();
    for (CredentialField field : facts.credential()) {
      Secret value = fields.get(field.name());
      if (value == null) {
        if (field.required()) {
          return field.name() + " is missing (expected: " + field.description() + ")";
        }
      } else if (!presentable(value.expose())) {
        return field.name() + " is empty, too long, or holds a character no credential has";
      } else if (field.address()) {
        address = true;
        if (ProviderAddress.parse(value.expose()) == null) {
          return field.name()
              + " is not an address (expected: http, https, ws or wss, without user, query or"
              + " fragment)";
        }
      }
    }
    return address ? null : "url and admin_url are missing (expected: at least one)";
  }

  private static boolean presentable(String value) {
    return !value.isEmpty()
        && value.length() <= VALUE_CHARACTERS_MAX
        && value.chars().allMatch(c -> c >= '!' && c <= '~');
  }
}
