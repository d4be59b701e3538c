/// How limits are set and seen: REST.
@NullMarked
package dev.gatewright.limit.change;

import org.jspecify.annotations.NullMarked;
