/// Commands about the master key.
@NullMarked
package dev.gatewright.cli.command.secret;

import org.jspecify.annotations.NullMarked;
