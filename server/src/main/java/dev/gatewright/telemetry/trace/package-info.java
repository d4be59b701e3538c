/// The trace a request belongs to (W3C Trace Context), and what is told of it once it is over.
/// Nothing here knows who collects it.
@NullMarked
package dev.gatewright.telemetry.trace;

import org.jspecify.annotations.NullMarked;
