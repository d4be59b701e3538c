/// How a command finds the gate and speaks to it.
@NullMarked
package dev.gatewright.cli.client;

import org.jspecify.annotations.NullMarked;
