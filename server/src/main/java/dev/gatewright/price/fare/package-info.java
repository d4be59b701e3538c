/// What one call costs: reserved before it begins, counted when it is over, and whether it may be
/// made at all where nothing says its price.
@NullMarked
package dev.gatewright.price.fare;

import org.jspecify.annotations.NullMarked;
