/// The command line: its root, and the menu for people.
@NullMarked
package dev.gatewright.cli;

import org.jspecify.annotations.NullMarked;
