/// Commands about passkeys.
@NullMarked
package dev.gatewright.cli.command.passkey;

import org.jspecify.annotations.NullMarked;
