package dev.gatewright.room.provider.janus;

import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.settings.Outcome;
import java.util.List;
import java.util.Map;

/// What Janus is, for callers and for the reference page.
public final class JanusFacts {
  static final String ID = "janus";
  static final String PLUGIN = "janus.plugin.videoroom";

  private static final Outcome TOKEN_NAMES_THE_ROOM =
      Outcome.approximated(
          "A Janus token names the room only; whether to send is the client's choice, up to the"
              + " room's number of senders.");

  static final ProviderFacts FACTS =
      new ProviderFacts(
          ID,
          "Janus",
          List.of(
              new CredentialField(
                  "url", false, true, "session API, such as https://janus.example/janus"),
              new CredentialField(
                  "admin_url", false, true, "admin API, such as https://janus.example/admin"),
              new CredentialField("admin_secret", false, false, "secret of the admin API"),
              new CredentialField(
                  "admin_key", false, false, "key that creating videorooms asks for"),
              new CredentialField("api_secret", false, false, "secret of the session API"),
              new CredentialField(
                  "token_secret", false, false, "token_auth_secret, which signs join tokens")),
          false,
          Map.of(
              Role.OWNER, TOKEN_NAMES_THE_ROOM,
              Role.SPEAKER, TOKEN_NAMES_THE_ROOM,
              Role.VIEWER, TOKEN_NAMES_THE_ROOM),
          "None: Janus itself refuses a name that is taken.");

  private JanusFacts() {}
}
