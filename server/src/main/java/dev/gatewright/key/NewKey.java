package dev.gatewright.key;

import dev.gatewright.account.Tenant;
import dev.gatewright.limit.term.LimitForm;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Window;
import dev.gatewright.policy.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a key shall be, before it has an id. Times are epoch milliseconds UTC.
///
/// @param notBeforeMillis 0 = from the beginning
/// @param expiresMillis null = never
/// @param power already checked for form
/// @param notes already checked for form
/// @param limits made with it, each of another kind or time
public record NewKey(
    Tenant tenant,
    ApiKey.Kind kind,
    String name,
    long notBeforeMillis,
    @Nullable Long expiresMillis,
    KeyPower power,
    KeyNotes notes,
    List<LimitForm.Checked.Good> limits) {
  public static final int NAME_CHARACTERS_MAX = 100;
  public static final int USER_CHARACTERS_MAX = 200;
  public static final int ORIGINS_MAX = 64;
  public static final int TAGS_MAX = 16;
  public static final int TAG_CHARACTERS_MAX = 64;

  /// As many as there can be.
  public static final int LIMITS_MAX = LimitKind.values().length * Window.values().length;

  public NewKey {
    limits = List.copyOf(limits);
    if (name.isBlank() || name.length() > NAME_CHARACTERS_MAX) {
      throw new IllegalArgumentException(
          "name: %d characters (expected: 1…%d)".formatted(name.length(), NAME_CHARACTERS_MAX));
    }
  }

  /// One without limits.
  public NewKey(
      Tenant tenant,
      ApiKey.Kind kind,
      String name,
      long notBeforeMillis,
      @Nullable Long expiresMillis,
      KeyPower power,
      KeyNotes notes) {
    this(tenant, kind, name, notBeforeMillis, expiresMillis, power, notes, List.of());
  }

  /// A key of which nothing is said.
  public NewKey(
      Tenant tenant,
      ApiKey.Kind kind,
      String name,
      long notBeforeMillis,
      @Nullable Long expiresMillis,
      List<Rule> rules) {
    this(tenant, kind, name, notBeforeMillis, expiresMillis, KeyPower.of(rules), KeyNotes.NONE);
  }

  /// The same with other notes.
  public NewKey notes(KeyNotes other) {
    return new NewKey(tenant, kind, name, notBeforeMillis, expiresMillis, power, other, limits);
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
        power,
        notes,
        ApiKey.Origin.OWN,
        false);
  }
}
