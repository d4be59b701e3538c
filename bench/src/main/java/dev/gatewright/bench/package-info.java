/// Measures the gate beside nginx on the same machine, in turns; never shipped. `bench/run` is the
/// one command.
@NullMarked
package dev.gatewright.bench;

import org.jspecify.annotations.NullMarked;
