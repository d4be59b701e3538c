package dev.gatewright.edge;

import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values that prove a request came through our own front proxy. Every one is compared, in
/// constant time, whatever the others said. Immutable.
public final class EdgeSecrets {
  private final byte[][] accepted;

  public EdgeSecrets(List<Secret> secrets) {
    accepted =
        secrets.stream()
            .map(secret -> secret.use(text -> text.getBytes(StandardCharsets.ISO_8859_1)))
            .toArray(byte[][]::new);
  }

  public boolean proves(@Nullable String presented) {
    if (presented == null || presented.isEmpty()) {
      return false;
    }
    byte[] bytes = presented.getBytes(StandardCharsets.ISO_8859_1);
    boolean proven = false;
    for (byte[] secret : accepted) {
      proven |= MessageDigest.isEqual(secret, bytes);
    }
    return proven;
  }
}
