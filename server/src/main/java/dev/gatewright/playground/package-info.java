/// Calls from the console's own pages, made as a key without its text.
@NullMarked
package dev.gatewright.playground;

import org.jspecify.annotations.NullMarked;
