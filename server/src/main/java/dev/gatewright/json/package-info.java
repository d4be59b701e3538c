/// JSON read in passing: a strict walker that builds no tree and tells of the marked values of a
/// shape.
@NullMarked
package dev.gatewright.json;

import org.jspecify.annotations.NullMarked;
