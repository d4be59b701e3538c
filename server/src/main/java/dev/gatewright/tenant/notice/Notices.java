package dev.gatewright.tenant.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Role;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.job.Added;
import dev.gatewright.job.Job;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Letter;
import dev.gatewright.mail.Letters;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.Json;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.Organization;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.PeopleStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One sentence by mail to all of an organization who have some role: that a webhook was disabled,
/// that credit runs low. Left in the transaction of what it tells. Thread-safe.
public final class Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
  private static final String KIND = "organization.notice";
  private static final int TOLD_MAX = 50;
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Mail mail;
  private final Database database;
  private final Consoles consoles;

  private Notices(Mail mail, Database database, Consoles consoles) {
    this.mail = mail;
    this.database = database;
    this.consoles = consoles;
  }

  /// Called once, at the wiring.
  ///
  /// @param consoles where people reach the gate
  public static Notices register(Mail mail, Database database, Consoles consoles) {
    Notices notices = new Notices(mail, database, consoles);
    mail.register(KIND, notices::letter);
    return notices;
  }

  /// @param sentence for people; no secret
  public void tell(
      Handle handle,
      String organizationId,
      Collection<Role> roles,
      String sentence,
      long nowMillis) {
    if (!mail.isOn()) {
      return;
    }
    Collection<String> words = roles.stream().map(Role::word).toList();
    for (String person : NoticeStore.members(handle, organizationId, words, TOLD_MAX)) {
      ObjectNode payload = JsonNodeFactory.instance.objectNode();
      payload.put("to", person).put("sentence", sentence).put("at", nowMillis);
      Added added =
          mail.add(
              handle, organizationId, KIND, payload.toString(), nowMillis + Mail.NOTICE_MILLIS);
      if (added instanceof Added.Refused refused) {
        LOG.warn("somebody of {} is not told: {}", organizationId, refused.reason());
      }
    }
  }

  private @Nullable Letter letter(Job job) {
    JsonNode payload = Json.tree(job.payload().getBytes(StandardCharsets.UTF_8));
    return database.readOrNull(handle -> {
      Organization organization =
          OrganizationStore.find(handle, job.organizationId())
              .filter(found -> found.state() == Organization.State.ACTIVE)
              .orElse(null);
      EmailAddress to =
          PeopleStore.email(handle, payload.path("to").asText())
              .map(EmailAddress::parse)
              .orElse(null);
      return organization == null || to == null
          ? null
          : Letters.notice(
              to,
              organization.name(),
              payload.path("sentence").asText(),
              // Nobody begins it at a site.
              consoles.called(""),
              WHEN.format(Instant.ofEpochMilli(payload.path("at").asLong())));
    });
  }
}
