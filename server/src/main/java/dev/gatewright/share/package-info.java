/// Who holds how much of what everybody shares. Whatever a caller can take and keep (bytes, places,
/// connections) is taken here, so that nobody can take all of it.
@NullMarked
package dev.gatewright.share;

import org.jspecify.annotations.NullMarked;
