/// What a simulated provider reads of a request: walked, checked as strictly as a live provider
/// does, and never made into a tree.
@NullMarked
package dev.gatewright.llm.simulator.request;

import org.jspecify.annotations.NullMarked;
