package dev.gatewright.admission;

import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ticket.Tickets;
import java.net.InetAddress;
import java.util.function.Consumer;

/// The way in by a one-time ticket, for callers who cannot send a header: the key it stands for is
/// judged as if it had come itself. Thread-safe.
public final class TicketAdmission {
  private final Tickets tickets;

  public TicketAdmission(Tickets tickets) {
    this.tickets = tickets;
  }

  /// Uses the ticket up; `then` runs on the exchange's event loop. On a refusal the access entry
  /// already says why, and the caller hears the same as for any bad key.
  ///
  /// @param service what it is to open
  public void admit(Exchange exchange, String ticket, String service, Consumer<Admitted> then) {
    InetAddress client = exchange.request().client();
    Carriers.Credential beside = Carriers.read(exchange.request().headers()::getAll);
    if (!(beside instanceof Carriers.Credential.Unusable none)
        || !none.reason().equals("missing")) {
      KeyAdmission.tell(exchange, new Admitted.No(Refusal.badKey(), "carriers_disagree"), then);
      return;
    }
    tickets.redeem(
        ticket,
        service,
        client,
        lookup ->
            KeyAdmission.tell(
                exchange,
                KeyAdmission.authorize(
                    KeyAdmission.fitOrigin(
                        KeyAdmission.authenticate(lookup), exchange.request().headers()::getAll),
                    client),
                then));
  }
}
