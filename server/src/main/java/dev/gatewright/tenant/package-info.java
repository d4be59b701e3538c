/// Organizations, their projects and their members.
@NullMarked
package dev.gatewright.tenant;

import org.jspecify.annotations.NullMarked;
