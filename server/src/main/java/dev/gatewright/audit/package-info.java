/// The hash chain of control-plane changes, one per organization.
@NullMarked
package dev.gatewright.audit;

import org.jspecify.annotations.NullMarked;
