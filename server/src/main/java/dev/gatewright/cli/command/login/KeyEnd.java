package dev.gatewright.cli.command.login;

import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Profile;
import dev.gatewright.cli.client.ServerAddress;
import dev.gatewright.cli.output.CommandFailed;

/// Revokes the key of a profile, by itself.
final class KeyEnd {
  private KeyEnd() {}

  /// @return false when the server does not answer, or does not take it
  static boolean revoke(Profile profile) {
    GateClient gate = new GateClient(new ServerAddress(profile.url(), profile.key()), null);
    try {
      return gate.ask(
                  "POST",
                  "/api/keys/" + profile.keyId() + "/revoke",
                  GateClient.JSON.createObjectNode())
              .status()
          == 200;
    } catch (CommandFailed away) {
      return false;
    }
  }
}
