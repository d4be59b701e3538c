/// Commands about who owns the gate and who may sign in.
@NullMarked
package dev.gatewright.cli.command.identity;

import org.jspecify.annotations.NullMarked;
