/// The words of limits: what one says, what a call asks of them and holds, and how they tell where
/// it stands.
@NullMarked
package dev.gatewright.limit.term;

import org.jspecify.annotations.NullMarked;
