/// Commands on an installation's own files and store: no server need run for them.
@NullMarked
package dev.gatewright.cli.command.installation;

import org.jspecify.annotations.NullMarked;
