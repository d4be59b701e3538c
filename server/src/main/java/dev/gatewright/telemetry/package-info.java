/// Time, metrics, logging.
@NullMarked
package dev.gatewright.telemetry;

import org.jspecify.annotations.NullMarked;
