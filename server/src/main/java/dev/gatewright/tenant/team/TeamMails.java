package dev.gatewright.tenant.team;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.job.Added;
import dev.gatewright.job.Job;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Letter;
import dev.gatewright.mail.Letters;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.Json;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.PeopleStore;
import dev.gatewright.tenant.TenantWrites;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Mails about who belongs to an organization. What waits to be sent holds ids alone; address and
/// link are read and made when it is. Thread-safe.
public final class TeamMails {
  private static final String INVITATION = "tenant.invitation";
  private static final String NOTICE = "tenant.notice";
  private static final String SITE = "site";
  private static final int OWNERS_TOLD_MAX = 20;
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Mail mail;
  private final TenantWrites writes;
  private final InvitationLinks links;

  private TeamMails(Mail mail, TenantWrites writes, InvitationLinks links) {
    this.mail = mail;
    this.writes = writes;
    this.links = links;
  }

  public static TeamMails register(Mail mail, TenantWrites writes, InvitationLinks links) {
    TeamMails mails = new TeamMails(mail, writes, links);
    mail.register(INVITATION, mails::invitation);
    mail.register(NOTICE, mails::notice);
    return mails;
  }

  /// What owners are told of.
  enum Event {
    /// Somebody took up an invitation to own it.
    OWNER_JOINED("%s accepted an invitation and is an owner now."),
    HANDED_OVER("%s is the owner now; %s handed the organization over."),
    APPOINTED("%s was made an owner by who runs this gate.");

    private final String sentence;

    Event(String sentence) {
      this.sentence = sentence;
    }
  }

  /// False when no mail will go out: then the link is all there is.
  ///
  /// @param site the host at which somebody invites
  boolean invite(Handle handle, String site, Invitation invitation) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("id", invitation.id()).put(SITE, site);
    return add(handle, invitation.organizationId(), INVITATION, payload);
  }

  /// Tells every owner, and whoever was one until now.
  ///
  /// @param change what it is, but for whom it is told to
  void tell(Handle handle, String organizationId, Change change) {
    for (String owner : TeamStore.ownerIds(handle, organizationId, OWNERS_TOLD_MAX)) {
      tell(handle, organizationId, change, owner);
    }
    if (!change.former.isEmpty()) {
      tell(handle, organizationId, change, change.former);
    }
  }

  /// @param site the host at which it was done
  /// @param who is an owner now
  /// @param former was one until now; empty = nobody
  record Change(Event event, String site, String who, String former) {}

  private void tell(Handle handle, String organizationId, Change change, String to) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("event", change.event.name()).put(SITE, change.site).put("to", to);
    payload.put("who", change.who).put("former", change.former);
    add(handle, organizationId, NOTICE, payload.put("at", writes.now()));
  }

  /// The change goes on without its mail: it is in the audit chain in any case.
  private boolean add(Handle handle, String organizationId, String kind, ObjectNode payload) {
    long end = writes.now() + Mail.NOTICE_MILLIS;
    return mail.add(handle, organizationId, kind, payload.toString(), end) instanceof Added.Queued;
  }

  private static JsonNode payload(Job job) {
    return Json.tree(job.payload().getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable Letter invitation(Job job) {
    JsonNode payload = payload(job);
    String id = payload.path("id").asText();
    String site = payload.path(SITE).asText();
    return writes.readOrNull(handle -> {
      Invitation invitation = InvitationStore.find(handle, job.organizationId(), id).orElse(null);
      Organization organization = active(handle, job);
      EmailAddress to = invitation == null ? null : EmailAddress.parse(invitation.email());
      return invitation == null
              || organization == null
              || to == null
              || !invitation.openAt(writes.now())
          ? null
          : Letters.invitation(
              to,
              organization.name(),
              invitation.role().word(),
              links.called(site),
              links.link(site, id),
              (int) Invitation.LIFE.toDays());
    });
  }

  private @Nullable Letter notice(Job job) {
    JsonNode payload = payload(job);
    Event event = Event.valueOf(payload.path("event").asText());
    return writes.readOrNull(handle -> {
      Organization organization = active(handle, job);
      EmailAddress to = EmailAddress.parse(address(handle, payload, "to"));
      return organization == null || to == null
          ? null
          : Letters.notice(
              to,
              organization.name(),
              event.sentence.formatted(
                  address(handle, payload, "who"), address(handle, payload, "former")),
              links.called(payload.path(SITE).asText()),
              WHEN.format(Instant.ofEpochMilli(payload.path("at").asLong())));
    });
  }

  private static @Nullable Organization active(Handle handle, Job job) {
    return OrganizationStore.find(handle, job.organizationId())
        .filter(found -> found.state() == Organization.State.ACTIVE)
        .orElse(null);
  }

  /// A person's address as it is now; what stands for somebody who is gone is no address.
  private static String address(Handle handle, JsonNode payload, String field) {
    String id = payload.path(field).asText();
    return PeopleStore.email(handle, id).orElse("somebody who has left");
  }
}
