/// The attempt log: one row per group commit, and the thread that writes it.
@NullMarked
package dev.gatewright.ledger.log;

import org.jspecify.annotations.NullMarked;
