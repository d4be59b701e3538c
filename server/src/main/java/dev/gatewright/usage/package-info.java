/// Usage rows and rollups as answers: REST resource and queries.
@NullMarked
package dev.gatewright.usage;

import org.jspecify.annotations.NullMarked;
