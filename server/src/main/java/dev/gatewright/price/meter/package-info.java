/// The meters that prices know, below all that speaks of prices: rules name them, too.
@NullMarked
package dev.gatewright.price.meter;

import org.jspecify.annotations.NullMarked;
