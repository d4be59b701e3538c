/// Budgets: what a key, a person, a project or an organization may spend in a window of time.
@NullMarked
package dev.gatewright.budget;

import org.jspecify.annotations.NullMarked;
