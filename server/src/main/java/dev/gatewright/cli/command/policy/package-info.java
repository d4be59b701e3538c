/// Commands about rules and what they do.
@NullMarked
package dev.gatewright.cli.command.policy;

import org.jspecify.annotations.NullMarked;
