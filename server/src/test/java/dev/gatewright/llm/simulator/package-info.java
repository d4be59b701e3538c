@NullMarked
package dev.gatewright.llm.simulator;

import org.jspecify.annotations.NullMarked;
