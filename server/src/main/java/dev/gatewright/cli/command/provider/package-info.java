/// `gatewright providers …`
@NullMarked
package dev.gatewright.cli.command.provider;

import org.jspecify.annotations.NullMarked;
