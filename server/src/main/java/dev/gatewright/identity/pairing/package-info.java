/// Command lines elsewhere: signed in by a person who approves them in a browser (RFC 8628).
@NullMarked
package dev.gatewright.identity.pairing;

import org.jspecify.annotations.NullMarked;
