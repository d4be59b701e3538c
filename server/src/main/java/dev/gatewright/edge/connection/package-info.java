/// One caller's HTTP/1.x connection from its welcome to its end, and what the connections of a loop
/// share.
@NullMarked
package dev.gatewright.edge.connection;

import org.jspecify.annotations.NullMarked;
