package dev.gatewright.identity.code;

import dev.gatewright.id.Ids;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Requests for codes. For every address the same is done: a row is written and a mail left to be
/// made; whether it goes to anybody is decided when it is made, so that who asks learns nothing,
/// not even by the time it takes. Blocks; thread-safe.
final class CodeRequests {
  private final Database database;
  private final Macs macs;
  private final AuthLimits limits;
  private final People people;
  private final Post post;
  private final Time time;

  /// Leaves the mail with the code of a request, to be made later.
  @FunctionalInterface
  interface Post {
    void leave(Handle handle, String flowId, long expiresMillis);
  }

  CodeRequests(
      Database database, Macs macs, AuthLimits limits, People people, Post post, Time time) {
    this.database = database;
    this.macs = macs;
    this.limits = limits;
    this.people = people;
    this.post = post;
    this.time = time;
  }

  void ask(EmailAddress email, Browser browser) {
    long now = time.millis();
    boolean known = browser.known(macs, email.key(), now);
    if (!database.write(handle -> limits.ask(handle, browser.client(), known, now))) {
      return;
    }
    boolean mail = database.write(handle -> limits.send(handle, email.key(), known, now));
    database.write(handle -> {
      LoginFlow fresh =
          new LoginFlow(
              Ids.uuid7("flow_", now),
              email.text(),
              browser.place().host(),
              browser.place().address(),
              browser.place().agent(),
              now + LoginFlow.LIFE.toMillis());
      String id = LoginFlowStore.open(handle, browser.mac(macs), keyMac(macs, email), fresh, now);
      if (mail) {
        post.leave(handle, id, fresh.expiresMillis());
      }
      return true;
    });
  }

  /// What a code is for who may read it out: the machine's own command line, and the mail.
  ///
  /// @param flow the request it belongs to
  record LiveCode(Secret code, EmailAddress email, LoginFlow flow) {
    Instant expiresAt() {
      return Instant.ofEpochMilli(flow.expiresMillis());
    }
  }

  /// The code of the newest open request for an address; empty when there is none, or it would open
  /// nothing.
  Optional<LiveCode> newest(EmailAddress email) {
    long now = time.millis();
    return database.read(handle ->
        LoginFlowStore.newest(handle, keyMac(macs, email), now)
            .filter(_ -> people.mayCome(handle, email, now))
            .map(flow -> readable(flow, email)));
  }

  /// The code of a request, for its mail; empty when it is over, or would open nothing.
  Optional<LiveCode> ofFlow(String flowId) {
    long now = time.millis();
    return database.read(handle ->
        LoginFlowStore.find(handle, flowId, now)
            .map(flow -> readable(flow, address(flow)))
            .filter(readable -> people.mayCome(handle, readable.email(), now)));
  }

  private static EmailAddress address(LoginFlow flow) {
    return Objects.requireNonNull(EmailAddress.parse(flow.email()), "an address was checked");
  }

  private LiveCode readable(LoginFlow flow, EmailAddress email) {
    return new LiveCode(LoginCode.of(macs, flow.id(), email.key()), email, flow);
  }

  static String keyMac(Macs macs, EmailAddress email) {
    return macs.text("flow-email", email.key());
  }
}
