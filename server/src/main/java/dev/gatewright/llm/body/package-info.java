/// What a caller's body asks for, found without a tree, and the few bytes of it that are changed.
@NullMarked
package dev.gatewright.llm.body;

import org.jspecify.annotations.NullMarked;
