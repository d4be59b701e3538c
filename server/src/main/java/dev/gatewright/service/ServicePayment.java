package dev.gatewright.service;

import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge.Judgement;
import dev.gatewright.credential.Credential;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.CredentialDirectory.Found;
import dev.gatewright.credential.CredentialKind;
import dev.gatewright.credential.Ladder;
import dev.gatewright.credential.Payer;
import dev.gatewright.credential.ProjectCredentials;
import dev.gatewright.credential.ProjectCredentials.Place;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.config.Paid;
import dev.gatewright.service.config.ServiceCredential;
import java.util.function.Consumer;

/// Whose credential a service's backends are shown for a call. Thread-safe.
final class ServicePayment {
  private final CredentialDirectory credentials;

  ServicePayment(CredentialDirectory credentials) {
    this.credentials = credentials;
  }

  /// One of the two is told, on the exchange's loop: before this returns when memory knows.
  void find(
      Exchange exchange,
      Caller caller,
      Service service,
      Consumer<Paid> paid,
      Consumer<Refusal> refused) {
    credentials.find(
        caller.tenant(),
        exchange.eventLoop(),
        found -> {
          switch (found) {
            case Found.Unavailable(Refusal why) -> refused.accept(why);
            case Found.View(ProjectCredentials view) -> pay(exchange, service, view, paid, refused);
          }
        });
  }

  /// What a call that is not made would be paid with. Blocks while the store is read.
  Judgement judge(Caller caller, Service service) {
    return switch (credentials.get(caller.tenant())) {
      case Found.Unavailable(Refusal why) -> new Judgement.Refused(why);
      case Found.View(ProjectCredentials view) -> judged(service, payer(service, view));
    };
  }

  private static Judgement judged(Service service, Payer payer) {
    return switch (payer) {
      case Payer.Refused(Refusal why) -> new Judgement.Refused(why);
      case Payer.Configured _ when service.config().credential() == null ->
          new Judgement.Passes(service.id(), Rung.NONE);
      case Payer.Found found -> new Judgement.Passes(service.id(), found.rung());
    };
  }

  /// A credential of a caller's own is for providers: a backend never sees it.
  private static Payer payer(Service service, ProjectCredentials view) {
    Ladder.Target target =
        new Ladder.Target(
            new Place(CredentialKind.SERVICE, service.id()),
            ServiceDestination.origins(service)::equals,
            false);
    return Ladder.pays(view, target, null);
  }

  private void pay(
      Exchange exchange,
      Service service,
      ProjectCredentials view,
      Consumer<Paid> paid,
      Consumer<Refusal> refused) {
    switch (payer(service, view)) {
      case Payer.Refused(Refusal why) -> refused.accept(why);
      case Payer.Configured configured ->
          paid.accept(
              new Paid(configured.rung(), service.config().credential(), view.allowUnpriced()));
      case Payer.Brought _ -> throw new IllegalStateException("nothing was brought along");
      case Payer.Stored stored ->
          credentials.open(
              stored.credential(),
              exchange.eventLoop(),
              opened -> open(service, view, stored, opened, paid, refused));
    }
  }

  private static void open(
      Service service,
      ProjectCredentials view,
      Payer.Stored stored,
      Opened opened,
      Consumer<Paid> paid,
      Consumer<Refusal> refused) {
    Credential credential = stored.credential();
    ServiceCredential shown =
        opened instanceof Opened.Value(Secret secret)
            ? ServiceCredential.of(secret, service.config().credential())
            : null;
    if (shown == null) {
      refused.accept(Ladder.unreadable(credential, opened));
    } else {
      paid.accept(new Paid(stored.rung(), shown, view.allowUnpriced()));
    }
  }
}
