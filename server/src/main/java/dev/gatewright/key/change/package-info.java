/// Making and changing keys: REST resource, requests, and the one way to write.
@NullMarked
package dev.gatewright.key.change;

import org.jspecify.annotations.NullMarked;
