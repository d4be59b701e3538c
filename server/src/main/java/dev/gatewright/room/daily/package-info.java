/// Daily: hosted rooms with a join URL.
@NullMarked
package dev.gatewright.room.daily;

import org.jspecify.annotations.NullMarked;
