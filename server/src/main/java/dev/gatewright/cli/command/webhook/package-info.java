@NullMarked
package dev.gatewright.cli.command.webhook;

import org.jspecify.annotations.NullMarked;
