/// A room's life: made, looked up, changed, joined, ended at its time.
@NullMarked
package dev.gatewright.room.life;

import org.jspecify.annotations.NullMarked;
