/// What things cost: prices as dated, versioned data over disjoint leaf meters, and the arithmetic.
@NullMarked
package dev.gatewright.price;

import org.jspecify.annotations.NullMarked;
