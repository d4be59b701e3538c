/// What the gate knows of each kind of backend: what may be reached there, and how it is asked.
@NullMarked
package dev.gatewright.service.preset;

import org.jspecify.annotations.NullMarked;
