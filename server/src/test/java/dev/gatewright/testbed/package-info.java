/// The product seen from outside: a scriptable provider, the gate as a caller meets it, and the
/// tests that try to break what the issue says must hold.
@NullMarked
package dev.gatewright.testbed;

import org.jspecify.annotations.NullMarked;
