/// Connections kept, and one call after another on each, with deadlines by phase.
@NullMarked
package dev.gatewright.relay.pool;

import org.jspecify.annotations.NullMarked;
