/// Taking over organizations, with their people, projects and keys, from another gate.
@NullMarked
package dev.gatewright.tenant.migration;

import org.jspecify.annotations.NullMarked;
