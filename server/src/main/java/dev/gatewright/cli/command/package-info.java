/// Commands over the REST API, and `serve`.
@NullMarked
package dev.gatewright.cli.command;

import org.jspecify.annotations.NullMarked;
