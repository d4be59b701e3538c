/// Which model leads to which providers, and which of them a call may take.
@NullMarked
package dev.gatewright.llm.route;

import org.jspecify.annotations.NullMarked;
