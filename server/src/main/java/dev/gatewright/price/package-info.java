/// What things cost, as dated and versioned data: where prices come from, and their REST.
@NullMarked
package dev.gatewright.price;

import org.jspecify.annotations.NullMarked;
