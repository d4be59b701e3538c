/// Daily: hosted rooms with a join URL.
@NullMarked
package dev.gatewright.room.provider.daily;

import org.jspecify.annotations.NullMarked;
