/// One caller's HTTP/1.x connection: its requests one after the other, their bodies, its answers.
@NullMarked
package dev.gatewright.edge.http1;

import org.jspecify.annotations.NullMarked;
