package dev.gatewright.room.provider.livekit;

import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.settings.Outcome;
import java.util.List;
import java.util.Map;

/// What LiveKit is, for callers and for the reference page.
public final class LivekitFacts {
  static final String ID = "livekit";

  static final ProviderFacts FACTS =
      new ProviderFacts(
          ID,
          "LiveKit",
          List.of(
              new CredentialField(
                  "url", true, true, "address of the server: https, http, wss or ws"),
              new CredentialField("api_key", true, false, "API key"),
              new CredentialField("api_secret", true, false, "API secret, which signs tokens")),
          false,
          Map.of(
              Role.OWNER, Outcome.APPLIED,
              Role.SPEAKER, Outcome.APPLIED,
              Role.VIEWER, Outcome.APPLIED),
          "LiveKit answers with the room that is there instead of refusing. The gate reserves the name"
              + " for its own callers, looks before it creates, and knows its room by a mark; a"
              + " LiveKit before 1.8 lets it take over a room made elsewhere between the look and the"
              + " create, a few milliseconds.");

  private LivekitFacts() {}
}
