package dev.gatewright.cli.command.key;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.util.regex.Pattern;
import picocli.CommandLine.Parameters;

/// The key a command is about.
final class KeyId {
  private static final Pattern ID = Pattern.compile("key_[0-9A-Za-z]{1,40}");

  @Parameters(paramLabel = "ID", description = "key_… (never the key itself: `ps` shows it).")
  private String id = "";

  String path() {
    if (!ID.matcher(id).matches()) {
      // Not repeated: it may be the key itself, mistaken for its id.
      throw new CommandFailed(
          ExitCode.USAGE, "This is not a key's id (expected: key_…, as `keys list` shows it).");
    }
    return "/api/keys/" + id;
  }
}
