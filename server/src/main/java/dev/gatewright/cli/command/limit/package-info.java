/// Commands about limits.
@NullMarked
package dev.gatewright.cli.command.limit;

import org.jspecify.annotations.NullMarked;
