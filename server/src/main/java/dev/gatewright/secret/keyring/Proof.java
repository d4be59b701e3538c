package dev.gatewright.secret.keyring;

import dev.gatewright.secret.Context;
import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.KeysUnavailable;

/// A text everybody knows, wrapped with a master key: what opens it is that key. Written as the
/// wrapping key's version, a colon and the wrapped text.
final class Proof {
  private static final byte[] KNOWN = new byte[32];

  private Proof() {}

  /// @throws KeysUnavailable when nothing can be wrapped now
  static String of(KeyWrapper wrapper) {
    return switch (wrapper.wrap(KNOWN, context(wrapper.id()))) {
      case KeyWrapper.Wrapping.Done done -> done.wrapped().version() + ":" + done.wrapped().text();
      case KeyWrapper.Wrapping.Unavailable away -> throw new KeysUnavailable(away.reason());
    };
  }

  static KeyWrapper.Wrapped wrapped(String proof) {
    int colon = proof.indexOf(':');
    return new KeyWrapper.Wrapped(
        proof.substring(colon + 1), proof.substring(0, Math.max(0, colon)));
  }

  static byte[] context(String kekId) {
    return Context.of("gatewright master key proof", kekId);
  }
}
