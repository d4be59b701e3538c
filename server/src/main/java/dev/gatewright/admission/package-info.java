/// The way in: authenticate, authorize, limit, reserve, in that order, visible in one file.
@NullMarked
package dev.gatewright.admission;

import org.jspecify.annotations.NullMarked;
