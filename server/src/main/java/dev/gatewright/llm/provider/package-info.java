/// One provider: its settings, what goes to it, and what its answers mean.
@NullMarked
package dev.gatewright.llm.provider;

import org.jspecify.annotations.NullMarked;
