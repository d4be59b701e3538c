package dev.gatewright.identity.code;

import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.identity.session.Browsers;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.SessionApi;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.mail.Mail;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.team.InvitationStore;
import java.util.List;

/// The wiring of signing in by code. Thread-safe.
public final class Codes {
  private final CodeApi api;
  private final SignIns signIns;

  /// @param rule who may sign in by a code
  /// @param macs under the key for codes and what belongs to them
  /// @param views shows sessions that were begun
  public Codes(
      Database database,
      AuditLog audit,
      Tenant platform,
      Sessions sessions,
      Browsers browsers,
      SessionApi views,
      SignUp signUp,
      SignIns.Rule rule,
      Macs macs,
      Mail mail,
      Consoles consoles,
      Time time) {
    AuthLimits limits = new AuthLimits(macs);
    People people = new People(signUp, InvitationStore::invited);
    CodeMail mails = new CodeMail(mail, consoles);
    CodeRequests requests = new CodeRequests(database, macs, limits, people, mails::leave, time);
    mails.register(requests);
    signIns = new SignIns(database, audit, platform, sessions, macs, limits, people, rule, time);
    api = new CodeApi(requests, signIns, sessions, browsers, views, macs, time);
  }

  /// What proves that somebody reads the mail of an address.
  public SignIns signIns() {
    return signIns;
  }

  public List<ApiRoute> routes() {
    return api.routes();
  }
}
