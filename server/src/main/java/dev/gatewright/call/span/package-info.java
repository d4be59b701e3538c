/// What tries of calls are as spans of a trace; the call itself is the edge's.
@NullMarked
package dev.gatewright.call.span;

import org.jspecify.annotations.NullMarked;
