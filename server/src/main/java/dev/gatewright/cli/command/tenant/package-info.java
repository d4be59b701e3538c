/// Commands about organizations and who belongs to them.
@NullMarked
package dev.gatewright.cli.command.tenant;

import org.jspecify.annotations.NullMarked;
