package dev.gatewright.cli.command.tenant;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.util.regex.Pattern;
import picocli.CommandLine.Parameters;

/// The organization a command is about.
final class OrgId {
  private static final Pattern ID = Pattern.compile("org_[0-9A-Za-z-]{1,64}");

  @Parameters(index = "0", paramLabel = "ORG", description = "org_…, as `org list` shows it.")
  private String id = "";

  String text() {
    if (!ID.matcher(id).matches()) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s (expected: org_…, as `org list` shows it)".formatted(id));
    }
    return id;
  }

  String path() {
    return "/api/organizations/" + text();
  }
}
