/// The master key seen from the machine it stands on: how it is, and changing it.
@NullMarked
package dev.gatewright.secret.rotation;

import org.jspecify.annotations.NullMarked;
