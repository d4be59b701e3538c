package dev.gatewright.tenant;

import dev.gatewright.rest.ETag;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An organization. Times are epoch milliseconds UTC.
///
/// @param platformCredentials it may use the platform's own provider credentials
/// @param allowUnpriced its calls may go to what has no price, though credit or a hard budget
///   limits them; null = what the configuration says
/// @param version grows with each change
/// @param deletedMillis when its deletion was asked for; null = it was not
/// @param calendars when its days and weeks begin
public record Organization(
    String id,
    String name,
    State state,
    boolean platformCredentials,
    @Nullable Boolean allowUnpriced,
    long version,
    long createdMillis,
    @Nullable Long deletedMillis,
    Calendars calendars) {
  /// How long a deletion can be undone.
  public static final Duration KEPT = Duration.ofDays(7);

  /// Where it is in its life.
  public enum State {
    ACTIVE,
    /// Its keys are dead; it can be restored.
    DELETING,
    /// What it had is being removed; there is no way back.
    PURGING,
    /// Nothing is left but its id, for the audit chain.
    PURGED;

    /// As in JSON and in the database.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable State of(String word) {
      for (State state : values()) {
        if (state.word().equals(word)) {
          return state;
        }
      }
      return null;
    }
  }

  /// Names its state: what `If-Match` is held against.
  public String tag() {
    return ETag.of(id, version);
  }

  /// Until when a deletion can be undone; null when it cannot.
  public @Nullable Long restorableUntilMillis() {
    return state == State.DELETING && deletedMillis != null
        ? (Long) (deletedMillis + KEPT.toMillis())
        : null;
  }

  public Organization named(String newName) {
    return new Organization(
        id,
        newName,
        state,
        platformCredentials,
        allowUnpriced,
        version,
        createdMillis,
        deletedMillis,
        calendars);
  }

  /// The same with another zone and week.
  Organization in(Calendars newCalendars) {
    return new Organization(
        id,
        name,
        state,
        platformCredentials,
        allowUnpriced,
        version,
        createdMillis,
        deletedMillis,
        newCalendars);
  }

  /// What who runs the platform says of it.
  Organization with(boolean mayUsePlatform, @Nullable Boolean newAllowUnpriced) {
    return new Organization(
        id,
        name,
        state,
        mayUsePlatform,
        newAllowUnpriced,
        version,
        createdMillis,
        deletedMillis,
        calendars);
  }

  public Organization in(State newState, @Nullable Long newDeletedMillis) {
    return new Organization(
        id,
        name,
        newState,
        platformCredentials,
        allowUnpriced,
        version,
        createdMillis,
        newDeletedMillis,
        calendars);
  }
}
