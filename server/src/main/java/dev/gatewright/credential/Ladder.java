package dev.gatewright.credential;

import dev.gatewright.credential.ProjectCredentials.Place;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Opened;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The one ladder of who pays, for calls of models, services and rooms: what the caller brought
/// along → what the project has stored → what its organization has stored → what is configured
/// beside the target. Pure; no I/O.
public final class Ladder {
  private Ladder() {}

  /// Where a call is about to go.
  ///
  /// @param here whether something bound to these origins may be sent there
  /// @param owned the organization's own target, not the platform's
  public record Target(Place place, Predicate<String> here, boolean owned) {}

  /// @param brought the caller's own; null = none
  public static Payer pays(ProjectCredentials view, Target target, @Nullable Secret brought) {
    PaymentMode mode = view.mode();
    if (brought != null) {
      return mode.own() ? new Payer.Brought(brought) : new Payer.Refused(onlyCredits(target));
    }
    Credential moved = null;
    if (mode.own()) {
      for (Credential stored : view.at(target.place())) {
        if (target.here().test(stored.origin())) {
          return new Payer.Stored(stored);
        }
        moved = moved == null ? stored : moved;
      }
    }
    if (moved != null) {
      // To go on down the ladder would send the bill to somebody who was not asked.
      return new Payer.Refused(moved(moved));
    }
    if (target.owned() && mode.own()) {
      return new Payer.Configured(Rung.ORGANIZATION);
    }
    return !target.owned() && view.platform() && mode.platform()
        ? new Payer.Configured(Rung.PLATFORM)
        : new Payer.Refused(nobody(view, target));
  }

  /// A stored credential that was stored for another origin than the one its target has now.
  public static Refusal moved(Credential credential) {
    return upstreamAuth(
        "The credential `%s` was stored for another address than `%s` has now, and is not sent to it (expected: store it again)."
            .formatted(credential.id(), credential.provider()));
  }

  /// What was stored cannot be opened, now or for good.
  public static Refusal unreadable(Credential credential, Opened opened) {
    return opened instanceof Opened.Unavailable
        ? Refusal.overloaded(
            "The credential `%s` cannot be opened at the moment.".formatted(credential.id()), 1)
        : upstreamAuth(
            "The credential `%s` is not as it was stored (expected: store it again)."
                .formatted(credential.id()));
  }

  private static Refusal upstreamAuth(String message) {
    return Refusal.of(502, "api_error", "upstream_auth", message);
  }

  private static Refusal onlyCredits(Target target) {
    return Refusal.denied(
        "The project's mode is `credits`: it takes no credential of a caller's for `%s` (expected: no X-Provider-Auth, or a project of mode api-keys or hybrid)."
            .formatted(target.place().provider()));
  }

  private static Refusal nobody(ProjectCredentials view, Target target) {
    String provider = target.place().provider();
    String why =
        switch (view.mode()) {
          case API_KEYS ->
              "the project's mode is `api-keys`, and neither it nor its organization has stored one";
          case CREDITS -> "the project's mode is `credits`, and the platform's are not open to it";
          case HYBRID ->
              "neither the project nor its organization has stored one, and the platform's are not open to it";
        };
    String expected =
        view.mode().own()
            ? "a credential of kind %s stored with POST /api/credentials%s"
                .formatted(
                    target.place().kind().word(),
                    target.place().kind() == CredentialKind.SERVICE
                        ? ""
                        : ", or X-Provider-Auth on the request")
            : "credits, or a project of mode hybrid";
    return new Refusal(
        402,
        "insufficient_quota",
        "insufficient_quota",
        "No credential pays for `%s`: %s (expected: %s).".formatted(provider, why, expected),
        null,
        0,
        false);
  }
}
