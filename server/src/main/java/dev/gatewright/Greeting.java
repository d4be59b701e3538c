package dev.gatewright;

import dev.gatewright.secret.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a start prints: where it is, and on the very first one how to get an answer at once.
final class Greeting {
  private Greeting() {}

  /// @param testKey shown this once; null at every start but the first
  static String text(String version, String address, Path data, @Nullable Secret testKey) {
    String where =
        """
        Gatewright %s listens on %s
        Data folder: %s
        """
            .formatted(version, address, data);
    return testKey == null ? where : where + firstStart(address, testKey);
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
