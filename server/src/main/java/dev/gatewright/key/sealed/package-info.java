/// Keys while the gate is sealed: they can be revoked, and nothing else.
@NullMarked
package dev.gatewright.key.sealed;

import org.jspecify.annotations.NullMarked;
