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
/// @param createdBy `key_…` or `local` (the command line's key of this start)
/// @param notBeforeMillis 0 = from the beginning
/// @param expiresMillis null = never
/// @param revokedMillis null = not revoked; a revoked key stays as a tombstone
/// @param rules the key's own layer of policy
/// @param manages services whose manage paths it reaches, such as pulling a model; never implied by
///   a rule
/// @param user whom it was given to; empty = nobody named
/// @param tags words for people, in their order
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
    List<Rule> rules,
    List<String> manages,
    String user,
    Origin origin,
    boolean weak,
    List<String> tags) {

  public ApiKey {
    tags = List.copyOf(tags);
    rules = List.copyOf(rules);
    manages = List.copyOf(manages);
  }

  /// A key without tags.
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
      List<Rule> rules,
      List<String> manages,
      String user,
      Origin origin,
      boolean weak) {
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
        rules,
        manages,
        user,
        origin,
        weak,
        List.of());
  }

  /// A key made here that manages nothing and names no user.
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
        rules,
        List.of(),
        "",
        Origin.OWN,
        false,
        List.of());
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
        rules,
        manages,
        user,
        origin,
        weak,
        tags);
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
