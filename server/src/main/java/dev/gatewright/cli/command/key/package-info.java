/// Commands about keys.
@NullMarked
package dev.gatewright.cli.command.key;

import org.jspecify.annotations.NullMarked;
