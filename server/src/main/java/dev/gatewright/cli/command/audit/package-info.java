/// Commands about the chain of changes.
@NullMarked
package dev.gatewright.cli.command.audit;

import org.jspecify.annotations.NullMarked;
