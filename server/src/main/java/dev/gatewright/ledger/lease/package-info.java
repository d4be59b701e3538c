/// Instances: the lease of a process, and who takes over what a dead one left.
@NullMarked
package dev.gatewright.ledger.lease;

import org.jspecify.annotations.NullMarked;
