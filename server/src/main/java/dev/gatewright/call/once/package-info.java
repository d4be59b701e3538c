/// A call that is sent twice with one `Idempotency-Key` is made once.
@NullMarked
package dev.gatewright.call.once;

import org.jspecify.annotations.NullMarked;
