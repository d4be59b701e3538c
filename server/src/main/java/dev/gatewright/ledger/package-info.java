/// Attempts: the durable record of every call to a provider, and its projection into usage rows.
@NullMarked
package dev.gatewright.ledger;

import org.jspecify.annotations.NullMarked;
