/// Signing in by a code that only who reads the mail of an address can know.
@NullMarked
package dev.gatewright.identity.code;

import org.jspecify.annotations.NullMarked;
