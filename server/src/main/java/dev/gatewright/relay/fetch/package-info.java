/// Calls out over HTTP for threads that wait.
@NullMarked
package dev.gatewright.relay.fetch;

import org.jspecify.annotations.NullMarked;
