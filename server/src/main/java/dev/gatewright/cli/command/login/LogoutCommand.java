package dev.gatewright.cli.command.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Profile;
import dev.gatewright.cli.client.Profiles;
import dev.gatewright.cli.client.ServerAddress;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright logout`
@Command(
    name = "logout",
    description = {
      "Sign this machine out: revokes the key that `login` had made, and forgets it.",
      "A key given by --with-token is forgotten, not revoked. Ends with 2 when nobody is signed in."
    })
public final class LogoutCommand implements Callable<Integer> {
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Which one (default: the one signed in to last).")
  private @Nullable String name;

  @Option(names = "--url", paramLabel = "URL", description = "The same by its address.")
  private @Nullable String url;

  public LogoutCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Profiles profiles = Profiles.of(terminal);
    Profile profile =
        name != null
            ? profiles.named(name)
            : url != null ? profiles.at(ServerAddress.plain(url)) : profiles.current();
    if (profile == null) {
      throw new CommandFailed(
          ExitCode.NOT_SIGNED_IN, "Not signed in (expected: first `gatewright login --url URL`).");
    }
    boolean revoked = profile.paired() && KeyEnd.revoke(profile);
    profiles.forget(profile.name());
    ObjectNode told =
        GateClient.JSON
            .createObjectNode()
            .put("profile", profile.name())
            .put("url", profile.url())
            .put("revoked", revoked);
    if (!output.printed(terminal, told)) {
      terminal.say(
          revoked
              ? "Signed out of %s; its key is revoked.".formatted(profile.url())
              : "Signed out of %s here; the key %s was not revoked (gatewright keys revoke)."
                  .formatted(profile.url(), profile.keyId()));
    }
    return ExitCode.OK;
  }
}
