/// `gatewright models …`
@NullMarked
package dev.gatewright.cli.command.model;

import org.jspecify.annotations.NullMarked;
