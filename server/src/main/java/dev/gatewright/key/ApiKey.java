package dev.gatewright.key;

import dev.gatewright.account.Tenant;
import dev.gatewright.policy.Rule;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An API key's record, without its secrets. Times are epoch milliseconds UTC.
///
/// @param id `key_` and ten base62 characters
/// @param tenant whose it is
/// @param name what its maker calls it
/// @param createdBy `key_…`, `per_…` or `local` (the command line's key of this start)
/// @param notBeforeMillis 0 = from the beginning
/// @param expiresMillis null = never
/// @param revokedMillis null = not revoked; a revoked key stays as a tombstone
/// @param weak its text can be guessed: short, or with little entropy
public record ApiKey(
    String id,
    Tenant tenant,
    Kind kind,
    String name,
    boolean enabled,
    String createdBy,
    long createdMillis,
    long notBeforeMillis,
    @Nullable Long expiresMillis,
    @Nullable Long revokedMillis,
    KeyPower power,
    KeyNotes notes,
    Origin origin,
    boolean weak) {

  /// A key made here, of which nothing is said.
  public ApiKey(
      String id,
      Tenant tenant,
      Kind kind,
      String name,
      boolean enabled,
      String createdBy,
      long createdMillis,
      long notBeforeMillis,
      @Nullable Long expiresMillis,
      @Nullable Long revokedMillis,
      List<Rule> rules) {
    this(
        id,
        tenant,
        kind,
        name,
        enabled,
        createdBy,
        createdMillis,
        notBeforeMillis,
        expiresMillis,
        revokedMillis,
        KeyPower.of(rules),
        KeyNotes.NONE,
        Origin.OWN,
        false);
  }

  public List<Rule> rules() {
    return power.rules();
  }

  public List<String> manages() {
    return power.manages();
  }

  public String user() {
    return notes.user();
  }

  /// The member whose key it is; null = its project's.
  public @Nullable String owner() {
    return notes.owner();
  }

  public List<String> tags() {
    return notes.tags();
  }

  /// Its service scopes in short, for people and for the services behind the gate: `chat:use`,
  /// `*:use` where no rule names services, `chat:manage`. The policy decides, not this list.
  public List<String> scopes() {
    return ServiceScopes.of(this);
  }

  public ApiKey enabled(boolean now) {
    return state(now, revokedMillis);
  }

  public ApiKey revoked(long atMillis) {
    return state(enabled, atMillis);
  }

  private ApiKey state(boolean nowEnabled, @Nullable Long nowRevokedMillis) {
    return new ApiKey(
        id,
        tenant,
        kind,
        name,
        nowEnabled,
        createdBy,
        createdMillis,
        notBeforeMillis,
        expiresMillis,
        nowRevokedMillis,
        power,
        notes,
        origin,
        weak);
  }

  /// Where a key comes from.
  public enum Origin {
    /// Made here, `gw_…`.
    OWN,
    /// Another gate's key, known by its hash alone.
    IMPORTED,
    /// From the watched file of `keys.watch`; lives in memory, and the file alone changes it.
    FILE;

    /// As in JSON and in the database.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Origin of(String word) {
      for (Origin origin : values()) {
        if (origin.word().equals(word)) {
          return origin;
        }
      }
      throw new IllegalStateException("a stored origin cannot be read: " + word);
    }
  }

  /// What a key is for; the word stands in the key's text.
  public enum Kind {
    /// Calls providers.
    LIVE,
    /// Answered by the simulator, never billed.
    TEST,
    /// Automates the control plane of its organization.
    ADMIN
  }
}
