package dev.gatewright;

import dev.gatewright.secret.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a start prints: where it is, and on the very first one how to get an answer at once.
final class Greeting {
  private Greeting() {}

  /// @param testKey shown this once; null at every start but the first
  /// @param setupLink null once somebody owns the gate
  static String text(
      String version,
      String address,
      Path data,
      @Nullable Secret testKey,
      @Nullable Secret setupLink) {
    String where =
        """
        Gatewright %s listens on %s
        Data folder: %s
        """
            .formatted(version, address, data);
    return where
        + (testKey == null ? "" : firstStart(address, testKey))
        + (setupLink == null ? "" : nobodys(setupLink));
  }

  private static String nobodys(Secret setupLink) {
    return """

    Nobody owns this gate yet. Claim it by this link, good for 30 minutes on this machine
    (`gatewright setup-link` makes another one):

      %s

    or by `gatewright setup --email YOU@EXAMPLE.COM --organization NAME`.
    """
        .formatted(setupLink.expose());
  }

  private static String firstStart(String address, Secret testKey) {
    return """

    A test key was made; it is shown only this once:

      %1$s

    Paste this; the built-in simulator answers at once, and nothing is billed:

      curl %2$s/v1/chat/completions -H "Authorization: Bearer %1$s" -H "Content-Type: application/json" -d '{"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}'
    """
        .formatted(testKey.expose(), address);
  }
}
