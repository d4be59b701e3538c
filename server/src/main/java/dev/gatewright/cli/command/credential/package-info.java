/// `gatewright credentials …`
@NullMarked
package dev.gatewright.cli.command.credential;

import org.jspecify.annotations.NullMarked;
