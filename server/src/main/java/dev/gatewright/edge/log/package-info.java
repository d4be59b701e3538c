/// The access log: lines of event loops, one writer, files that turn over; and the counts for
/// metrics.
@NullMarked
package dev.gatewright.edge.log;

import org.jspecify.annotations.NullMarked;
