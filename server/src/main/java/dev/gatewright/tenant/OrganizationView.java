package dev.gatewright.tenant;

import dev.gatewright.account.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An organization as REST shows it; the schema `Organization` in `openapi/tenant.yaml`.
///
/// @param role the caller's there; null for keys and for who runs the platform
/// @param restorableUntil null unless it is being deleted
record OrganizationView(
    String id,
    String name,
    String state,
    @Nullable String role,
    boolean platformCredentials,
    @Nullable Boolean allowUnpriced,
    String timeZone,
    String weekStart,
    Instant createdAt,
    @Nullable Instant deletedAt,
    @Nullable Instant restorableUntil) {

  static OrganizationView of(Organization organization, @Nullable Role role) {
    return new OrganizationView(
        organization.id(),
        organization.name(),
        organization.state().word(),
        role == null ? null : role.word(),
        organization.platformCredentials(),
        organization.allowUnpriced(),
        organization.calendars().latest().zone().getId(),
        organization.calendars().latest().weekStartWord(),
        Instant.ofEpochMilli(organization.createdMillis()),
        time(organization.deletedMillis()),
        time(organization.restorableUntilMillis()));
  }

  static @Nullable Instant time(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
