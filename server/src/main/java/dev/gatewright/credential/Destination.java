package dev.gatewright.credential;

import dev.gatewright.secret.Secret;
import org.jspecify.annotations.Nullable;

/// A place that credentials are sent to: a provider, a service. Thread-safe.
public interface Destination {
  /// How a secret's text fits.
  sealed interface Fit {
    /// @param secret as it is to be stored
    /// @param origin where alone it may go, `scheme://host[:port]`; several with a space between
    /// @param shelf of a room's credential: whose rooms it finds; empty elsewhere
    record Good(Secret secret, String origin, String shelf) implements Fit {}

    /// @param message what was expected; never a part of the secret
    record Wrong(String message) implements Fit {}
  }

  /// Reads a secret's text. Pure.
  Fit fit(Secret text);

  /// Whether what is bound to these origins may still be sent there.
  boolean stands(String origin);

  /// Asks the place whether it takes this secret, by the path real calls run. Blocks.
  ///
  /// @param secret one that fits
  Checked check(Secret secret);

  /// What came of asking.
  ///
  /// @param ok it did not refuse the credential
  /// @param status its HTTP status; null = there was no answer, or none that has one
  /// @param reason why not, for people; null when ok
  record Checked(boolean ok, @Nullable Integer status, @Nullable String reason) {
    private static final int TOO_MANY = 429;

    /// What a status says of the credential alone: who has no list of models, or asks for patience,
    /// has not refused it.
    public static Checked of(int status) {
      boolean ok = status / 100 == 2 || status == 404 || status == 405 || status == TOO_MANY;
      return new Checked(ok, status, ok ? null : "it answered " + status);
    }

    public static Checked failed(String reason) {
      return new Checked(false, null, reason);
    }
  }

  /// Where credentials of one kind may go.
  interface Finder {
    /// Null when the organization knows no such provider or service.
    @Nullable Destination find(String organizationId, String provider);
  }
}
