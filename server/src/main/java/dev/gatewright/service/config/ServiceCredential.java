package dev.gatewright.service.config;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the gate shows to a service's instances, and to nobody else.
///
/// @param header its name, lower case
/// @param value the whole value of that header
public record ServiceCredential(String header, Secret value) {
  private static final Pattern HEADER = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");
  private static final Pattern FRAMING =
      Pattern.compile("host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect");

  /// Reads the mapping `credential`: `bearer`, `basic` (`user:password`), or `header` and `value`.
  static @Nullable ServiceCredential from(Settings credential) {
    Secret bearer = credential.secret("bearer");
    Secret basic = credential.secret("basic");
    String header = credential.textOrNull("header");
    Secret value = credential.secret("value");
    int ways = (bearer == null ? 0 : 1) + (basic == null ? 0 : 1);
    ways += header == null && value == null ? 0 : 1;
    if (ways == 0) {
      return null;
    }
    if (ways > 1) {
      throw new InvalidSetting(
          credential.path() + ": several (expected: one of bearer, basic, header and value)");
    }
    if (bearer != null) {
      return authorization("Bearer ", checked(credential, "bearer", bearer).expose());
    }
    if (basic != null) {
      return basic(credential, basic);
    }
    return header(credential, header, value);
  }

  /// One that is stored as a text: `Bearer …`, `Basic …`, or the value alone, which goes where the
  /// configured one goes, else behind `Bearer`.
  ///
  /// @param configured null = none
  /// @return null when a header cannot carry it
  public static @Nullable ServiceCredential of(
      Secret text, @Nullable ServiceCredential configured) {
    String value = text.expose().strip();
    if (value.isEmpty() || !VALUE.matcher(value).matches()) {
      return null;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.startsWith("bearer ") || lower.startsWith("basic ")) {
      return authorization("", value);
    }
    return configured == null || configured.header().equals("authorization")
        ? authorization("Bearer ", value)
        : new ServiceCredential(configured.header(), Secret.of(value));
  }

  private static ServiceCredential basic(Settings credential, Secret pair) {
    if (!pair.use(text -> text.indexOf(':') > 0)) {
      throw new InvalidSetting(credential.path() + ".basic: (expected: user:password)");
    }
    byte[] bytes = pair.expose().getBytes(StandardCharsets.UTF_8);
    return authorization("Basic ", Base64.getEncoder().encodeToString(bytes));
  }

  private static ServiceCredential authorization(String scheme, String rest) {
    return new ServiceCredential("authorization", Secret.of(scheme + rest));
  }

  private static ServiceCredential header(
      Settings credential, @Nullable String header, @Nullable Secret value) {
    if (header == null || value == null) {
      throw new InvalidSetting(credential.path() + ": half (expected: header and value)");
    }
    String name = header.toLowerCase(Locale.ROOT);
    if (!HEADER.matcher(name).matches() || FRAMING.matcher(name).matches()) {
      throw new InvalidSetting(
          "%s.header: %s (expected: the name of an end-to-end header)"
              .formatted(credential.path(), header));
    }
    return new ServiceCredential(name, checked(credential, "value", value));
  }

  private static Secret checked(Settings credential, String key, Secret secret) {
    if (!secret.use(text -> VALUE.matcher(text).matches() && !text.isBlank())) {
      throw new InvalidSetting("%s.%s: expected printable ASCII".formatted(credential.path(), key));
    }
    return secret;
  }
}
