/// People: who they are, how they sign in, and what stands for them while they are.
@NullMarked
package dev.gatewright.identity;

import org.jspecify.annotations.NullMarked;
