@NullMarked
package dev.gatewright.net;

import org.jspecify.annotations.NullMarked;
