/// What rooms say: their JSON, and how they say no.
@NullMarked
package dev.gatewright.room.wire;

import org.jspecify.annotations.NullMarked;
