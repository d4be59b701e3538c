package dev.gatewright.cli.client;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which organization of a server is meant.
final class OrganizationOption {
  private static final Pattern ID = Pattern.compile("org_[0-9A-Za-z-]{1,64}");

  @Option(
      names = "--organization",
      paramLabel = "ORG",
      description = "org_…, as `org list` shows it (default: the server's first, or the key's).")
  private @Nullable String organization;

  @Nullable String id() {
    if (organization != null && !ID.matcher(organization).matches()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--organization: %s (expected: org_…, as `org list` shows it)".formatted(organization));
    }
    return organization;
  }
}
