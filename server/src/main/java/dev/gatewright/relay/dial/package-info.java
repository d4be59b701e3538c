/// Connections made outward: names resolved once, addresses checked, the checked one dialled.
@NullMarked
package dev.gatewright.relay.dial;

import org.jspecify.annotations.NullMarked;
