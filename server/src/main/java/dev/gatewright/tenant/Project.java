package dev.gatewright.tenant;

import dev.gatewright.rest.ETag;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A project of an organization. Times are epoch milliseconds UTC.
///
/// @param allowUnpriced its calls may go to what has no price, though a hard budget limits them;
///   null = what its organization says
/// @param version grows with each change
public record Project(
    String id,
    String organizationId,
    String name,
    Mode mode,
    @Nullable Boolean allowUnpriced,
    long version,
    long createdMillis) {
  /// Which rungs of the credential ladder are open to its calls.
  public enum Mode {
    /// The organization's and the project's own credentials.
    API_KEYS,
    /// The platform's.
    CREDITS,
    /// Its own first, then the platform's.
    HYBRID;

    public static final String WORDS = "api-keys, credits or hybrid";

    /// As in JSON and in the database.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Null for a word that is none.
    public static @Nullable Mode of(@Nullable String word) {
      for (Mode mode : values()) {
        if (mode.word().equals(word)) {
          return mode;
        }
      }
      return null;
    }
  }

  /// As REST shows it; the schema `Project` in `openapi/tenant.yaml`.
  record View(
      String id, String name, String mode, @Nullable Boolean allowUnpriced, Instant createdAt) {}

  View view() {
    return new View(id, name, mode.word(), allowUnpriced, Instant.ofEpochMilli(createdMillis));
  }

  /// Names its state: what `If-Match` is held against.
  public String tag() {
    return ETag.of(id, version);
  }

  /// @param newName null = as it is
  /// @param newMode null = as it is
  Project with(
      @Nullable String newName, @Nullable Mode newMode, @Nullable Boolean newAllowUnpriced) {
    return new Project(
        id,
        organizationId,
        newName == null ? name : newName,
        newMode == null ? mode : newMode,
        newAllowUnpriced,
        version,
        createdMillis);
  }
}
