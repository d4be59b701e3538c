/// Which model of which provider is worth calling.
@NullMarked
package dev.gatewright.relay.circuit;

import org.jspecify.annotations.NullMarked;
