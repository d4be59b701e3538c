/// Says what the rules would do: to a call that is not made, and to the calls of the last days had
/// other rules held.
@NullMarked
package dev.gatewright.explain;

import org.jspecify.annotations.NullMarked;
