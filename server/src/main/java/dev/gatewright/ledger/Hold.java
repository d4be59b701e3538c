package dev.gatewright.ledger;

/// What one purse keeps aside for an attempt while it is open.
///
/// @param purse `wal_…` of an organization's wallet, `bud_…@start` of a window of a hard budget
/// @param nano nano-USD, the most the attempt may take from it
public record Hold(String purse, long nano) {
  /// How the purse of a wallet begins.
  public static final String WALLET = "wal_";

  /// More than any one call may reserve: 10⁹ USD.
  public static final long NANO_MAX = 1_000_000_000_000_000_000L;

  private static final int PURSE_MAX = 128;

  public Hold {
    if (purse.isEmpty() || purse.length() > PURSE_MAX || nano < 0 || nano > NANO_MAX) {
      throw new IllegalArgumentException(
          "hold: %d nano-USD of \"%s\" (expected: 0 to %d of a purse)"
              .formatted(nano, purse, NANO_MAX));
    }
  }

  /// A wallet pays what is billed; a budget counts what it costs, whoever pays.
  public boolean wallet() {
    return purse.startsWith(WALLET);
  }

  /// What the purse is out of in the end.
  public long spent(Cost cost) {
    return wallet() ? Math.min(nano, cost.billed()) : cost.nano();
  }
}
