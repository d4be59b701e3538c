/// A service's instances, how they do, and the queue before them.
@NullMarked
package dev.gatewright.service.backend;

import org.jspecify.annotations.NullMarked;
