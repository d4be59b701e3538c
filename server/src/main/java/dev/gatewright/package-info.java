/// The program: arguments, composition root.
@NullMarked
package dev.gatewright;

import org.jspecify.annotations.NullMarked;
