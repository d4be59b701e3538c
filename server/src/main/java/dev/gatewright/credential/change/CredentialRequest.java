package dev.gatewright.credential.change;

import dev.gatewright.credential.CredentialKind;
import dev.gatewright.rest.Problem;
import dev.gatewright.secret.Secret;
import org.jspecify.annotations.Nullable;

/// The body of a create.
record CredentialRequest(
    @Nullable String name,
    @Nullable String kind,
    @Nullable String provider,
    @Nullable String secret,
    @Nullable String projectId) {
  private static final int NAME_CHARACTERS_MAX = 100;
  private static final int PROVIDER_CHARACTERS_MAX = 64;

  /// Longest text of a secret.
  static final int SECRET_CHARACTERS_MAX = 8_192;

  /// One that is well-formed.
  record Checked(
      String name,
      CredentialKind kind,
      String provider,
      Secret secret,
      @Nullable String projectId) {}

  /// @throws Problem 422
  Checked checked() {
    CredentialKind known = kind == null ? CredentialKind.PROVIDER : CredentialKind.of(kind);
    if (known == null) {
      throw Problem.wrong("/kind", "%s (expected: %s)".formatted(kind, CredentialKind.WORDS));
    }
    if (provider == null || provider.isBlank() || provider.length() > PROVIDER_CHARACTERS_MAX) {
      throw Problem.wrong(
          "/provider", "%s (expected: the id of a provider or service)".formatted(provider));
    }
    if (projectId != null && !projectId.startsWith("prj_")) {
      throw Problem.wrong("/project_id", "%s (expected: prj_…)".formatted(projectId));
    }
    return new Checked(
        name(name == null ? provider : name), known, provider, secret(secret), projectId);
  }

  static String name(@Nullable String name) {
    if (name == null || name.isBlank() || name.length() > NAME_CHARACTERS_MAX) {
      throw Problem.wrong(
          "/name", "%s (expected: 1 to %d characters)".formatted(name, NAME_CHARACTERS_MAX));
    }
    return name;
  }

  /// Never shown, whatever is wrong with it.
  static Secret secret(@Nullable String text) {
    String value = text == null ? "" : text.strip();
    boolean printable = value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    if (value.isEmpty() || value.length() > SECRET_CHARACTERS_MAX || !printable) {
      throw Problem.wrong(
          "/secret",
          "missing, too long, or not printable ASCII (expected: the provider's key, 1 to %d characters)"
              .formatted(SECRET_CHARACTERS_MAX));
    }
    return Secret.of(value);
  }

  @Override
  public String toString() {
    return "***";
  }
}
