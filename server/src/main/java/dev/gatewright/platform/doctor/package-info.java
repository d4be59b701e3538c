/// What is wrong with an installation, and what to do: the checks of `gatewright doctor` and of the
/// console's page.
@NullMarked
package dev.gatewright.platform.doctor;

import org.jspecify.annotations.NullMarked;
