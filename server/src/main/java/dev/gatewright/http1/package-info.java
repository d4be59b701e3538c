@NullMarked
package dev.gatewright.http1;

import org.jspecify.annotations.NullMarked;
