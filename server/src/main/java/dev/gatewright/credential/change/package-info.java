/// How credentials are stored, replaced, checked and removed.
@NullMarked
package dev.gatewright.credential.change;

import org.jspecify.annotations.NullMarked;
