/// One caller's HTTP/2 connection: its streams beside each other, and what keeps their number and
/// their windows within bounds.
@NullMarked
package dev.gatewright.edge.http2;

import org.jspecify.annotations.NullMarked;
