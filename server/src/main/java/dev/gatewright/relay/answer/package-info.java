/// Answers read off a connection, strictly, and read along while they pass.
@NullMarked
package dev.gatewright.relay.answer;

import org.jspecify.annotations.NullMarked;
