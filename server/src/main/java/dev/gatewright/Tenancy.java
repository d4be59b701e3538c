package dev.gatewright;

import dev.gatewright.account.Tenant;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.identity.IdentityConfig;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.migration.KeyImports;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.Addresses.Address;
import dev.gatewright.tenant.Organizations;
import dev.gatewright.tenant.Projects;
import dev.gatewright.tenant.TenantApi;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.migration.TenantImportApi;
import dev.gatewright.tenant.migration.TenantImports;
import dev.gatewright.tenant.team.InvitationLinks;
import dev.gatewright.tenant.team.TeamApi;
import dev.gatewright.tenant.team.TeamMails;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The wiring of organizations, their projects and who belongs to them.
///
/// @param platform the platform owner's organization and its first project
/// @param imports of keys, for organizations that are taken over with theirs
/// @param purposes the key of links
record Tenancy(
    TenantWrites writes,
    KeyChanges keys,
    KeyImports imports,
    PurposeKeys purposes,
    Mail mail,
    Tenant platform,
    Time time) {
  /// @param consoles where people reach the gate
  List<Resource> resources(IdentityConfig config, Consoles consoles) {
    Organizations organizations = new Organizations(writes, platform);
    InvitationLinks links = new InvitationLinks(purposes.purpose("invitation"), consoles);
    TeamMails mails = TeamMails.register(mail, writes, links);
    return List.of(
        new TenantApi(organizations, new Projects(writes), writes, config.open()).resource(),
        new TeamApi(writes, keys, Tenancy::address, links, mails, time).resource(),
        new TenantImportApi(new TenantImports(writes, imports, Tenancy::person), Tenancy::address)
            .resource());
  }

  private static String person(Handle handle, Address address, long nowMillis) {
    EmailAddress email = EmailAddress.parse(address.text());
    if (email == null) {
      throw new IllegalStateException("an address that was read is none");
    }
    return PersonStore.findOrInsert(handle, email, nowMillis).id();
  }

  private static @Nullable Address address(@Nullable String text) {
    EmailAddress read = text == null ? null : EmailAddress.parse(text);
    return read == null ? null : new Address(read.text(), read.key());
  }
}
