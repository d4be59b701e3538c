/// A new connection: whose it is, whether there is room for it, and which protocol it speaks.
@NullMarked
package dev.gatewright.edge.welcome;

import org.jspecify.annotations.NullMarked;
