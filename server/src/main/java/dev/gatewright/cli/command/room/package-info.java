/// Commands about rooms.
@NullMarked
package dev.gatewright.cli.command.room;

import org.jspecify.annotations.NullMarked;
