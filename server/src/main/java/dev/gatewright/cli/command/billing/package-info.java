/// `gatewright credits` and `gatewright ledger`.
@NullMarked
package dev.gatewright.cli.command.billing;

import org.jspecify.annotations.NullMarked;
