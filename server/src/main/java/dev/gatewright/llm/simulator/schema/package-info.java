/// Small instances of JSON schemas, for structured outputs and forced tools.
@NullMarked
package dev.gatewright.llm.simulator.schema;

import org.jspecify.annotations.NullMarked;
