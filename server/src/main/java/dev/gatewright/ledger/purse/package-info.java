/// Purses: what may still be spent, reserved and settled with the attempt log's own commits; and
/// the transfers, accounts and lots that what was settled becomes.
@NullMarked
package dev.gatewright.ledger.purse;

import org.jspecify.annotations.NullMarked;
