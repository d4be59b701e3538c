/// What callers can do to the gate with a body: every operation, every kind of hostile body, every
/// kind of caller, generated from the document the gate serves.
@NullMarked
package dev.gatewright.testbed.hostile;

import org.jspecify.annotations.NullMarked;
