/// Rooms as the gate remembers them.
@NullMarked
package dev.gatewright.room.store;

import org.jspecify.annotations.NullMarked;
