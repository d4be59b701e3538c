package dev.gatewright.cli.command;

import dev.gatewright.cli.output.Terminal;
import java.util.Map;

/// Runs the server until it is told to stop; given by the composition root, which alone knows how.
@FunctionalInterface
public interface ServerStart {
  /// @param flags settings by dotted path, and `config` where given
  /// @return an exit code
  int serve(Map<String, String> flags, Terminal terminal);
}
