/// From a presented text to its key: memory, the store, and bounds on both.
@NullMarked
package dev.gatewright.key.lookup;

import org.jspecify.annotations.NullMarked;
