/// Outward: checked dialer, upstream pools, deadlines by phase, circuit breaker, hand-off to the
/// portal.
@NullMarked
package dev.gatewright.relay;

import org.jspecify.annotations.NullMarked;
