package dev.gatewright.wallet;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.ledger.Usd;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.ledger.purse.LotStore;
import dev.gatewright.ledger.purse.Transfer;
import dev.gatewright.ledger.purse.TransferStore;
import dev.gatewright.rest.Problem;
import dev.gatewright.tenant.OrganizationStore;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.wallet.WalletStore.Credit;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What who runs the platform does to wallets: grants, refunds, adjustments. Each is one
/// transaction with its audit entry; each transfer stays for ever. Blocks; thread-safe.
final class Credits {
  private static final String WALLET = "wallet";
  private final TenantWrites writes;

  Credits(TenantWrites writes) {
    this.writes = writes;
  }

  /// @param once the same for each repeat of the same act; null = there is none
  /// @param promotional credit nobody paid for; used up before what was paid
  /// @param expiresMillis 0 = never
  Wallet grant(
      ApiCaller caller,
      @Nullable String once,
      String organizationId,
      long nano,
      boolean promotional,
      long expiresMillis,
      String note) {
    return write(
        caller,
        once,
        organizationId,
        "grant",
        nano,
        note,
        (handle, id) ->
            WalletStore.give(
                handle,
                new Credit(
                    organizationId,
                    "grant",
                    promotional ? Accounts.PROMOTION : Accounts.CASH,
                    promotional ? "promotional" : "paid",
                    nano,
                    expiresMillis,
                    "grant:" + id,
                    note,
                    caller.id(),
                    writes.now())));
  }

  /// Gives back what a call was billed, or a part of it; once.
  ///
  /// @throws Problem 409 when it was given back before, 422 above what it was billed
  Wallet refund(
      ApiCaller caller,
      @Nullable String once,
      String organizationId,
      String requestId,
      long nano,
      String note) {
    return write(
        caller,
        once,
        organizationId,
        "refund",
        nano,
        note,
        (handle, _) -> {
          String ref = "refund:" + requestId;
          if (WalletStore.booked(handle, ref)) {
            throw Problem.conflict("%s has been refunded before.".formatted(requestId));
          }
          long billed = WalletReadStore.billed(handle, organizationId, requestId);
          if (nano > billed) {
            throw Problem.wrong(
                "/usd",
                "%s (expected: at most %s, what %s was billed)"
                    .formatted(Usd.text(nano), Usd.text(billed), requestId));
          }
          WalletStore.give(
              handle,
              new Credit(
                  organizationId,
                  "refund",
                  Accounts.REVENUE,
                  "paid",
                  nano,
                  0,
                  ref,
                  note,
                  caller.id(),
                  writes.now()));
        });
  }

  /// @param nano negative = taken
  /// @throws Problem 422 when there is less than is to be taken
  Wallet adjust(
      ApiCaller caller, @Nullable String once, String organizationId, long nano, String note) {
    return write(
        caller,
        once,
        organizationId,
        "adjust",
        nano,
        note,
        (handle, id) -> {
          String ref = "adjustment:" + id;
          if (nano > 0) {
            WalletStore.give(
                handle,
                new Credit(
                    organizationId,
                    "adjustment",
                    Accounts.ADJUSTMENTS,
                    "paid",
                    nano,
                    0,
                    ref,
                    note,
                    caller.id(),
                    writes.now()));
            return;
          }
          if (!WalletStore.takeRoom(handle, organizationId, -nano)) {
            throw Problem.wrong(
                "/usd", "%s (expected: no more than is available)".formatted(Usd.text(nano)));
          }
          String wallet = Accounts.wallet(organizationId);
          TransferStore.post(
              handle,
              List.of(
                  new Transfer(
                      organizationId,
                      "adjustment",
                      wallet,
                      Accounts.ADJUSTMENTS,
                      -nano,
                      ref,
                      note,
                      caller.id(),
                      writes.now())));
          LotStore.use(handle, wallet, -nano);
        });
  }

  /// What was written.
  ///
  /// @param id of the act
  record Wallet(String id, WalletStore.Wallet after) {}

  @FunctionalInterface
  private interface Act {
    void on(Handle handle, String id);
  }

  private Wallet write(
      ApiCaller caller,
      @Nullable String once,
      String organizationId,
      String act,
      long nano,
      String note,
      Act work) {
    Tenant tenant =
        writes
            .<java.util.Optional<Tenant>>read(
                handle -> OrganizationStore.tenant(handle, organizationId))
            .orElseThrow(() -> Problem.absent("organization"));
    String id =
        once == null
            ? act + "_" + UUID.randomUUID().toString().replace("-", "")
            : act
                + "_"
                + UUID.nameUUIDFromBytes(
                    (caller.id() + "\n" + organizationId + "\n" + once)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return writes.run(
        tenant,
        handle -> {
          work.on(handle, id);
          writes.told(
              handle,
              tenant,
              caller.actor(),
              WALLET,
              act,
              Accounts.wallet(organizationId),
              AuditLog.detail().put("usd", Usd.text(nano)).put("note", note));
          return new Wallet(id, WalletStore.find(handle, organizationId).orElseThrow());
        });
  }
}
