@NullMarked
package dev.gatewright.id;

import org.jspecify.annotations.NullMarked;
