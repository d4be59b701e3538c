package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.projection.Projector.FailPoint;
import dev.gatewright.ledger.projection.Replay;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.ledger.purse.BooksStore;
import dev.gatewright.ledger.purse.NewPurse;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.wallet.WalletStore;
import dev.gatewright.wallet.WalletStore.Credit;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Wallets, budgets and calls that are paid from them, as tests need them. An output token costs
/// 1,000 nano-USD.
public final class TestPurses {
  public static final String WALLET = Accounts.wallet(TestAttempts.TENANT.organizationId());
  public static final long TOKEN = 1_000;

  public static final Pricing PRICING =
      (opening, usage) ->
          new Cost(
              usage.outputTokens() * TOKEN,
              false,
              usage.outputTokens() * TOKEN,
              "v1",
              "test",
              Map.of("output", usage.outputTokens()));

  private TestPurses() {}

  public static Ledger start(Database database) {
    return start(database, TestAttempts.FAST);
  }

  public static Ledger start(Database database, Time time) {
    return Ledger.start(database, time, TestAttempts.FAST, PRICING, NewPurse.NONE, FailPoint.NONE);
  }

  public static Ledger start(Database database, LedgerConfig config) {
    return Ledger.start(database, Time.system(), config, PRICING, NewPurse.NONE, FailPoint.NONE);
  }

  public static void give(Database database, long nano) {
    give(database, TestAttempts.TENANT.organizationId(), nano);
  }

  public static void give(Database database, String organizationId, long nano) {
    String ref = "test:" + UUID.randomUUID();
    database.write(handle -> {
      WalletStore.give(
          handle,
          new Credit(organizationId, "grant", Accounts.CASH, "paid", nano, 0, ref, "", "test", 0));
      return true;
    });
  }

  public static String budget(Database database, String id, long nano) {
    database.write(handle ->
        handle.execute(
            """
            INSERT INTO purse (id, organization_id, kind, until_millis, room, held, unposted, posted)
            VALUES (?, 'org_1', 'budget', 0, ?, 0, 0, 0)\
            """,
            id,
            nano));
    return id;
  }

  public static Charge charge(Hold... holds) {
    return new Charge("v1", "", true, List.of(holds));
  }

  /// An opening on its way.
  public record Pending(Attempt attempt, CompletableFuture<@Nullable Throwable> durable) {
    public boolean passes() {
      Throwable cause = TestAttempts.get(durable);
      assertThat(cause == null || cause instanceof InsufficientFunds).as("%s", cause).isTrue();
      return cause == null;
    }
  }

  public static Pending open(Ledger ledger, Hold... holds) {
    CompletableFuture<@Nullable Throwable> durable = new CompletableFuture<>();
    Attempt attempt =
        ledger
            .attempts()
            .open(
                TestAttempts.opening().with(charge(holds)),
                ImmediateEventExecutor.INSTANCE,
                durable::complete);
    return new Pending(attempt, durable);
  }

  /// Of another organization, from its wallet.
  public static Pending open(Ledger ledger, Tenant tenant, long nano) {
    Opening like = TestAttempts.opening();
    CompletableFuture<@Nullable Throwable> durable = new CompletableFuture<>();
    Opening opening =
        new Opening(
                like.requestId(),
                0,
                true,
                true,
                tenant,
                like.keyId(),
                like.model(),
                like.target(),
                like.provider(),
                like.endpoint(),
                false,
                false,
                like.startedMillis(),
                7)
            .with(charge(new Hold(Accounts.wallet(tenant.organizationId()), nano)));
    return new Pending(
        ledger.attempts().open(opening, ImmediateEventExecutor.INSTANCE, durable::complete),
        durable);
  }

  public static BooksStore.Purse purse(Database database, String id) {
    return database.read(BooksStore::purses).stream()
        .filter(purse -> purse.id().equals(id))
        .findAny()
        .orElseThrow();
  }

  public static void check(Database database) {
    assertThat(Replay.differences(database)).isEmpty();
  }
}
