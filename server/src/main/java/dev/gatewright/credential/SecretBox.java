package dev.gatewright.credential;

import dev.gatewright.secret.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Seals secrets for the store. What was sealed opens in its own place alone: another organization,
/// origin, project or id finds nothing in it. Thread-safe.
public interface SecretBox {
  /// What opening came to.
  sealed interface Opened {
    record Clear(Secret secret) implements Opened {}

    /// Not what was sealed in this place: changed, cut or moved.
    record Tampered() implements Opened {}

    /// The key it is sealed with cannot be had now.
    ///
    /// @param reason for the log
    record Away(String reason) implements Opened {}
  }

  /// Blocks now and then; to be called before a transaction, never inside one.
  ///
  /// @param place what it is bound to
  String seal(String organizationId, List<String> place, Secret secret);

  /// Blocks where the key is not in memory.
  Opened open(String organizationId, List<String> place, String sealed);

  /// The same from memory alone, about 2 µs; null where the key is not there. Never blocks.
  @Nullable Opened openHeld(String organizationId, List<String> place, String sealed);
}
