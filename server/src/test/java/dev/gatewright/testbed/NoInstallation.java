package dev.gatewright.testbed;

import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import java.util.Map;

/// For commands that only ask a server.
final class NoInstallation implements Installation {
  @Override
  public int serve(Map<String, String> flags, Terminal terminal) {
    throw new AssertionError("serve");
  }

  @Override
  public void judge(ConfigSources sources) {
    throw new AssertionError("judge");
  }

  @Override
  public String version() {
    return "1";
  }
}
