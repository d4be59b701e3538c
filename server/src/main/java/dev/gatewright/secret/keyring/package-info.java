/// The keys a store holds, wrapped with a master key: purposes of the platform, and data keys with
/// which values of organizations are sealed.
@NullMarked
package dev.gatewright.secret.keyring;

import org.jspecify.annotations.NullMarked;
