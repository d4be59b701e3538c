/// Passkeys: signing in, and proving once more to be it, by an authenticator (WebAuthn).
@NullMarked
package dev.gatewright.identity.passkey;

import org.jspecify.annotations.NullMarked;
