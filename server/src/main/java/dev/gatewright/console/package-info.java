/// The pages people look at: files that the dashboard's build has put into the jar.
@NullMarked
package dev.gatewright.console;

import org.jspecify.annotations.NullMarked;
