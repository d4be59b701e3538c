/// A model call that is sent twice with one `Idempotency-Key` is answered once.
@NullMarked
package dev.gatewright.llm.once;

import org.jspecify.annotations.NullMarked;
