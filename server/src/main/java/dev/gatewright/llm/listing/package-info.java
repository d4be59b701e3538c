/// What providers themselves say which models they have.
@NullMarked
package dev.gatewright.llm.listing;

import org.jspecify.annotations.NullMarked;
