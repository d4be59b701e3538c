/// Copies of an installation's truth: one file out of a running one, a running one out of a file.
@NullMarked
package dev.gatewright.store.backup;

import org.jspecify.annotations.NullMarked;
