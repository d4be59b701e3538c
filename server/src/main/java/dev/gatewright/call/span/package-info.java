/// What calls and their tries are as spans of a trace.
@NullMarked
package dev.gatewright.call.span;

import org.jspecify.annotations.NullMarked;
