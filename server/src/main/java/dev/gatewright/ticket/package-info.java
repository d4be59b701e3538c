/// One-time tickets that stand for a key, for callers who cannot send a header.
@NullMarked
package dev.gatewright.ticket;

import org.jspecify.annotations.NullMarked;
