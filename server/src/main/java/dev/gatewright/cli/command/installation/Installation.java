package dev.gatewright.cli.command.installation;

import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import java.util.Map;

/// What the composition root alone knows how to do.
public interface Installation {
  /// Runs the server until it is told to stop.
  ///
  /// @param flags settings by dotted path, and `config` where given
  /// @return an exit code
  int serve(Map<String, String> flags, Terminal terminal);

  /// Judges a configuration by the very code a start runs.
  ///
  /// @throws dev.gatewright.config.Settings.InvalidSetting naming the key and the reason
  void judge(ConfigSources sources);

  /// Of this program.
  String version();
}
