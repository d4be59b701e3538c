/// What connections of every protocol share: their loop, the exchange on them, its way to a
/// handler, and the heads that are written.
@NullMarked
package dev.gatewright.edge.connection;

import org.jspecify.annotations.NullMarked;
