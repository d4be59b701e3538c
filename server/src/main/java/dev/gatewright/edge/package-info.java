/// Inward: the listener, strict HTTP/1.1, paths, header hygiene, request ids, access log.
@NullMarked
package dev.gatewright.edge;

import org.jspecify.annotations.NullMarked;
