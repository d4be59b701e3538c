/// The first run: how a gate that nobody owns gets its owner.
@NullMarked
package dev.gatewright.identity.setup;

import org.jspecify.annotations.NullMarked;
