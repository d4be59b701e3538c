package dev.gatewright.cli.command.credential;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.util.regex.Pattern;
import picocli.CommandLine.Parameters;

/// The credential a command is about.
final class CredentialId {
  private static final Pattern ID = Pattern.compile("cred_[0-9a-f]{1,40}");

  @Parameters(paramLabel = "ID", description = "cred_… (never the secret itself: `ps` shows it).")
  private String id = "";

  String id() {
    return id;
  }

  String path() {
    if (!ID.matcher(id).matches()) {
      // Not repeated: it may be the secret itself.
      throw new CommandFailed(
          ExitCode.USAGE,
          "This is not a credential's id (expected: cred_…, as `credentials list` shows it).");
    }
    return "/api/credentials/" + id;
  }
}
