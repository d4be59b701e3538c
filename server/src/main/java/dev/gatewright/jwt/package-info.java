/// Callers who show a token of somebody else's instead of a key: who issued it, whether it is good,
/// and as whom it lets in.
@NullMarked
package dev.gatewright.jwt;

import org.jspecify.annotations.NullMarked;
