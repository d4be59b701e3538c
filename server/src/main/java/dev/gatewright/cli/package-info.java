/// The command line: picocli commands over the REST API, and `serve`.
@NullMarked
package dev.gatewright.cli;

import org.jspecify.annotations.NullMarked;
