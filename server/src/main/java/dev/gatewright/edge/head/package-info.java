/// Reading a request's head from bytes, strictly: what is refused and why, what is kept.
@NullMarked
package dev.gatewright.edge.head;

import org.jspecify.annotations.NullMarked;
