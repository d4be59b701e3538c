/// A create that is sent twice with one `Idempotency-Key` makes one thing.
@NullMarked
package dev.gatewright.web.idempotency;

import org.jspecify.annotations.NullMarked;
