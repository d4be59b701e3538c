/// `gatewright doctor`: looks at an installation and says what to do.
@NullMarked
package dev.gatewright.cli.command.doctor;

import org.jspecify.annotations.NullMarked;
