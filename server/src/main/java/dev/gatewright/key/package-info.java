/// API keys: format, store, look-up, REST resource.
@NullMarked
package dev.gatewright.key;

import org.jspecify.annotations.NullMarked;
