/// Outward: the seam to whatever is called, and the requests that are sent there.
@NullMarked
package dev.gatewright.relay;

import org.jspecify.annotations.NullMarked;
