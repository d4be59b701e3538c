/// The tongues of callers and providers: how each writes errors, streams, credentials and lists.
@NullMarked
package dev.gatewright.llm.dialect;

import org.jspecify.annotations.NullMarked;
