package dev.gatewright.key;

import dev.gatewright.account.Tenant;
import dev.gatewright.policy.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a key shall be, before it has an id. Times are epoch milliseconds UTC.
///
/// @param notBeforeMillis 0 = from the beginning
/// @param expiresMillis null = never
/// @param rules already checked for form
/// @param manages ids of services, already checked for form
/// @param tags words for people
/// @param user whom it is given to; empty = nobody named
public record NewKey(
    Tenant tenant,
    ApiKey.Kind kind,
    String name,
    long notBeforeMillis,
    @Nullable Long expiresMillis,
    List<Rule> rules,
    List<String> manages,
    String user,
    List<String> tags) {
  public static final int NAME_CHARACTERS_MAX = 100;
  public static final int USER_CHARACTERS_MAX = 200;
  public static final int TAGS_MAX = 16;
  public static final int TAG_CHARACTERS_MAX = 64;

  public NewKey {
    rules = List.copyOf(rules);
    manages = List.copyOf(manages);
    tags = List.copyOf(tags);
    if (name.isBlank() || name.length() > NAME_CHARACTERS_MAX) {
      throw new IllegalArgumentException(
          "name: %d characters (expected: 1…%d)".formatted(name.length(), NAME_CHARACTERS_MAX));
    }
  }

  /// A key that manages nothing and names no user.
  public NewKey(
      Tenant tenant,
      ApiKey.Kind kind,
      String name,
      long notBeforeMillis,
      @Nullable Long expiresMillis,
      List<Rule> rules) {
    this(tenant, kind, name, notBeforeMillis, expiresMillis, rules, List.of(), "", List.of());
  }

  /// The key as it is made: enabled, and our own.
  public ApiKey key(String id, String createdBy, long nowMillis) {
    return new ApiKey(
        id,
        tenant,
        kind,
        name,
        true,
        createdBy,
        nowMillis,
        notBeforeMillis,
        expiresMillis,
        null,
        rules,
        manages,
        user,
        ApiKey.Origin.OWN,
        false,
        tags);
  }
}
