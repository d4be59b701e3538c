/// `/v1/*`: dialects, providers, routing, simulator, usage taps.
@NullMarked
package dev.gatewright.llm;

import org.jspecify.annotations.NullMarked;
