package dev.gatewright.ledger;

/// Why an opening could not be taken: a purse has less room than it holds. The caller gets 402.
public final class InsufficientFunds extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String purse;
  private final long roomNano;

  public InsufficientFunds(String purse, long roomNano) {
    super("%s has room for %d nano-USD".formatted(purse, roomNano), null, false, false);
    this.purse = purse;
    this.roomNano = roomNano;
  }

  public String purse() {
    return purse;
  }

  /// What could still be reserved when it was refused; negative where a limit was lowered below
  /// what is spent.
  public long roomNano() {
    return roomNano;
  }
}
