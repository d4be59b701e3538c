/// Secrets as a type, the master key, key derivation.
@NullMarked
package dev.gatewright.secret;

import org.jspecify.annotations.NullMarked;
