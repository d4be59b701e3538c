/// What commands say, and with which exit code they end.
@NullMarked
package dev.gatewright.cli.output;

import org.jspecify.annotations.NullMarked;
