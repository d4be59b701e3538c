/// Commands that sign this machine in to a server elsewhere, and out.
@NullMarked
package dev.gatewright.cli.command.login;

import org.jspecify.annotations.NullMarked;
