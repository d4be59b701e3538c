package dev.gatewright.tenant.team;

import dev.gatewright.account.Role;
import dev.gatewright.rest.ETag;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Somebody is asked to come. Times are epoch milliseconds UTC.
///
/// @param emailKey whoever accepts must have this address
/// @param invitedBy `per_…`, `key_…` or `local`
/// @param version grows with each change
/// @param personId who accepted it; null = nobody
public record Invitation(
    String id,
    String organizationId,
    String email,
    String emailKey,
    Role role,
    Set<String> projects,
    State state,
    String invitedBy,
    long version,
    long createdMillis,
    long expiresMillis,
    @Nullable String personId) {
  static final Duration LIFE = Duration.ofDays(7);

  public Invitation {
    projects = Set.copyOf(projects);
  }

  /// What has become of it.
  enum State {
    OPEN,
    ACCEPTED,
    WITHDRAWN,
    /// Who invited is gone, or may not invite so far any more.
    VOID;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Null for a word that is none.
    static @Nullable State of(String word) {
      for (State state : values()) {
        if (state.word().equals(word)) {
          return state;
        }
      }
      return null;
    }
  }

  boolean openAt(long nowMillis) {
    return state == State.OPEN && nowMillis < expiresMillis;
  }

  /// Names its state: what `If-Match` is held against.
  String tag() {
    return ETag.of(id, version);
  }

  /// As REST shows it; the schema `Invitation` in `openapi/tenant_team.yaml`.
  ///
  /// @param state as stored, or `expired`
  record View(
      String id,
      String email,
      String role,
      List<String> projects,
      String state,
      String invitedBy,
      Instant createdAt,
      Instant expiresAt) {}

  View view(long nowMillis) {
    boolean late = state == State.OPEN && !openAt(nowMillis);
    return new View(
        id,
        email,
        role.word(),
        projects.stream().sorted().toList(),
        late ? "expired" : state.word(),
        invitedBy,
        Instant.ofEpochMilli(createdMillis),
        Instant.ofEpochMilli(expiresMillis));
  }
}
