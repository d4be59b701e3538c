package dev.gatewright.cli.client;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which server a command is meant for, and which organization there; part of every command about
/// what an organization has.
public final class ServerOptions extends LocalServerOptions {
  private static final Pattern ID = Pattern.compile("org_[0-9A-Za-z-]{1,64}");

  @Option(
      names = "--organization",
      paramLabel = "ORG",
      description = "org_…, as `org list` shows it (default: the server's first, or the key's).")
  private @Nullable String organization;

  @Override
  public GateClient connect(Terminal terminal) {
    if (organization != null && !ID.matcher(organization).matches()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--organization: %s (expected: org_…, as `org list` shows it)".formatted(organization));
    }
    return connect(terminal, organization);
  }
}
