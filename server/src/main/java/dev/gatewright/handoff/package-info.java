/// Control-plane exchanges handed to the portal on 127.0.0.1, and what that may cost whom.
@NullMarked
package dev.gatewright.handoff;

import org.jspecify.annotations.NullMarked;
