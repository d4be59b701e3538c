/// Log rows become usage rows and sums, once each.
@NullMarked
package dev.gatewright.ledger.projection;

import org.jspecify.annotations.NullMarked;
