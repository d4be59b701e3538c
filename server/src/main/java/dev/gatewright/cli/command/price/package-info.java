/// `gatewright prices …`
@NullMarked
package dev.gatewright.cli.command.price;

import org.jspecify.annotations.NullMarked;
