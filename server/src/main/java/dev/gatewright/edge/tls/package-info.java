/// TLS at the edge: which certificate, when it is read anew, and what a connection's handshake may
/// cost.
@NullMarked
package dev.gatewright.edge.tls;

import org.jspecify.annotations.NullMarked;
