/// Spans and metrics on their way to an OpenTelemetry collector. Nothing here is loaded where none
/// is configured.
@NullMarked
package dev.gatewright.otlp;

import org.jspecify.annotations.NullMarked;
