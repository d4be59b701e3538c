/// What a price is: one entry, its rates, tiers and quantities, over disjoint leaf meters; its
/// versions, and which of them is in force.
@NullMarked
package dev.gatewright.price.book;

import org.jspecify.annotations.NullMarked;
