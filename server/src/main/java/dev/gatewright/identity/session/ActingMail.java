package dev.gatewright.identity.session;

import dev.gatewright.account.SignedIn;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.job.Added;
import dev.gatewright.job.Job;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Letter;
import dev.gatewright.mail.Letters;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.Json;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the owners of an organization that an operator acts for it. Thread-safe.
public final class ActingMail {
  private static final String KIND = "acting-begun";
  private static final Logger LOG = LoggerFactory.getLogger(ActingMail.class);

  private final Mail mail;
  private final Database database;
  private final Consoles consoles;
  private final Time time;

  /// @param consoles how people call the sites of this gate
  public ActingMail(Mail mail, Database database, Consoles consoles, Time time) {
    this.mail = mail;
    this.database = database;
    this.consoles = consoles;
    this.time = time;
    mail.register(KIND, this::letter);
  }

  /// What waits to be sent to one owner.
  ///
  /// @param site the host at which it began
  /// @param at when it began
  record Note(
      String ownerId,
      String organizationId,
      String operatorId,
      String site,
      String reason,
      boolean write,
      String at,
      String until) {}

  /// Inside the transaction that begins it.
  void begun(Handle handle, SignedIn operator, String site, SignedIn.Acting acting) {
    for (String owner : ActingStore.owners(handle, acting.organizationId())) {
      Note note =
          new Note(
              owner,
              acting.organizationId(),
              operator.personId(),
              site,
              acting.reason(),
              acting.write(),
              time.instant().toString(),
              Instant.ofEpochMilli(acting.untilMillis()).toString());
      String payload = new String(Json.bytes(note), StandardCharsets.UTF_8);
      Added added =
          mail.add(
              handle, acting.organizationId(), KIND, payload, time.millis() + Mail.NOTICE_MILLIS);
      if (added instanceof Added.Refused refused && mail.isOn()) {
        LOG.warn("an owner is not told that an operator acts: {}", refused.reason());
      }
    }
  }

  private @Nullable Letter letter(Job job) {
    Note note = Json.read(job.payload().getBytes(StandardCharsets.UTF_8), Note.class);
    Map<String, String> texts =
        database.read(handle ->
            Map.of(
                "to", ActingStore.email(handle, note.ownerId()).orElse(""),
                "operator", ActingStore.email(handle, note.operatorId()).orElse("an operator"),
                "name",
                    ActingStore.name(handle, note.organizationId()).orElse(note.organizationId())));
    EmailAddress to = EmailAddress.parse(texts.getOrDefault("to", ""));
    if (to == null) {
      return null;
    }
    String event =
        "%s, who runs this gate, acts for the organization until %s and may %s. The reason given: %s"
            .formatted(
                texts.get("operator"),
                note.until(),
                note.write() ? "change things, but for keys, secrets and members" : "only look",
                note.reason());
    return Letters.notice(
        to, String.valueOf(texts.get("name")), event, consoles.called(note.site()), note.at());
  }
}
