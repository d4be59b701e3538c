package dev.gatewright.identity.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Actor;
import dev.gatewright.account.SignedIn;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Operators who act for an organization: a session of its own kind beside the operator's own,
/// which ends by itself, says so in both chains, and tells the owners. Blocks; thread-safe.
public final class Acting {
  public static final Duration LIFE = Duration.ofMinutes(30);

  private final Database database;
  private final AuditLog audit;
  private final Tenant platform;
  private final Sessions sessions;
  private final ActingMail mail;
  private final Time time;

  public Acting(
      Database database,
      AuditLog audit,
      Tenant platform,
      Sessions sessions,
      ActingMail mail,
      Time time) {
    this.database = database;
    this.audit = audit;
    this.platform = platform;
    this.sessions = sessions;
    this.mail = mail;
    this.time = time;
  }

  /// @return null when there is no such organization, or the operator's own session is over
  @Nullable Opened begin(
      SignedIn operator, String organizationId, String reason, boolean write, Place place) {
    SignedIn.Acting acting =
        new SignedIn.Acting(organizationId, reason, write, time.millis() + LIFE.toMillis());
    return database.writeOrNull(handle -> {
      Tenant tenant = AccountStore.firstProject(handle, organizationId).orElse(null);
      if (tenant == null) {
        return null;
      }
      lock(handle, tenant);
      if (sessions.good(handle, operator.sessionId()) == null) {
        return null;
      }
      Opened opened =
          sessions.insert(handle, operator.personId(), place, operator.sessionId(), acting);
      ObjectNode detail =
          AuditLog.detail()
              .put("organization_id", organizationId)
              .put("reason", reason)
              .put("write", write)
              .put("until", Instant.ofEpochMilli(acting.untilMillis()).toString());
      tell(handle, tenant, "operator.act_as", operator, opened.sessionId(), detail, place);
      mail.begun(handle, operator, place.host(), acting);
      return opened;
    });
  }

  /// Ends it before its time and gives the operator's own session back, under another token.
  ///
  /// @return null when that one is over
  @Nullable Opened end(SignedIn who, Place place) {
    SignedIn.Acting acting = who.acting();
    if (acting == null) {
      throw new IllegalStateException(who.sessionId() + " acts for nobody");
    }
    return database.writeOrNull(handle -> {
      Tenant tenant = AccountStore.firstProject(handle, acting.organizationId()).orElse(platform);
      lock(handle, tenant);
      Session session = sessions.good(handle, who.sessionId());
      if (session == null) {
        return null;
      }
      ObjectNode detail = AuditLog.detail().put("organization_id", acting.organizationId());
      tell(handle, tenant, "operator.act_as_end", who, who.sessionId(), detail, place);
      sessions.delete(handle, session);
      String parentId = session.parentId();
      Session own = parentId == null ? null : sessions.good(handle, parentId);
      return own == null ? null : sessions.rotate(handle, own, own.provedMillis());
    });
  }

  /// Writes into the organization's chain what an operator looks at: whoever is looked at sees it.
  void looked(SignedIn operator, Tenant tenant, ApiCall.Origin origin, String agent, String route) {
    Actor actor =
        new Actor(
            Actor.Kind.OPERATOR,
            operator.personId(),
            IpLiteral.format(origin.client()),
            origin.requestId(),
            operator.sessionId(),
            agent);
    database.write(handle -> {
      audit.lock(handle, tenant);
      audit.append(
          handle,
          tenant,
          actor,
          "operator.read",
          operator.sessionId(),
          AuditLog.detail().put("route", route));
      return true;
    });
  }

  /// The name of the organization that is acted for; empty for who acts for none.
  String nameOf(SignedIn who) {
    SignedIn.Acting acting = who.acting();
    return acting == null
        ? ""
        : database.read(handle ->
            ActingStore.name(handle, acting.organizationId()).orElse(acting.organizationId()));
  }

  /// Both chains, in the order of their ids, so that two who lock two never wait for each other.
  private void lock(Handle handle, Tenant tenant) {
    chains(tenant).forEach(each -> audit.lock(handle, each));
  }

  private List<Tenant> chains(Tenant tenant) {
    return Stream.of(platform, tenant)
        .filter(each ->
            each.equals(platform) || !each.organizationId().equals(platform.organizationId()))
        .sorted((one, other) -> one.organizationId().compareTo(other.organizationId()))
        .toList();
  }

  private void tell(
      Handle handle,
      Tenant tenant,
      String action,
      SignedIn operator,
      String subject,
      ObjectNode detail,
      Place place) {
    for (Tenant each : chains(tenant)) {
      audit.append(
          handle,
          each,
          place.operator(operator.personId()).via(operator.sessionId()),
          action,
          subject,
          detail.deepCopy());
    }
  }
}
