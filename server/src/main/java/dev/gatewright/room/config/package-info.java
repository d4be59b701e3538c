/// Which providers there are, and what the file says of each.
@NullMarked
package dev.gatewright.room.config;

import org.jspecify.annotations.NullMarked;
