/// Under which names the gate answers, and whom.
@NullMarked
package dev.gatewright.edge.site;

import org.jspecify.annotations.NullMarked;
