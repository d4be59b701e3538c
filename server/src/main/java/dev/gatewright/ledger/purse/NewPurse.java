package dev.gatewright.ledger.purse;

import org.jdbi.v3.core.Handle;

/// Makes the purse of a budget's window that nobody has reserved from before.
@FunctionalInterface
public interface NewPurse {
  /// Knows no budget.
  NewPurse NONE = (_, _) -> false;

  /// `INSERT INTO purse … SELECT … FROM budget … ON CONFLICT (id) DO NOTHING`, in the transaction
  /// of a group commit.
  ///
  /// @return false when there is no such budget (any more)
  boolean make(Handle handle, String purse);
}
