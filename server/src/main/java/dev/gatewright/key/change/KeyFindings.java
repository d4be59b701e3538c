package dev.gatewright.key.change;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.StoredKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is to be said against a key that still lets calls in. Pure.
public final class KeyFindings {
  private KeyFindings() {}

  /// Any of `never_expires`, `unlimited` (no rule narrows it), `unused` (since `unused`, or since
  /// it was made that long ago), `weak`; empty for keys that let nobody in.
  public static List<String> of(StoredKey stored, Duration unused, long nowMillis) {
    List<String> findings = new ArrayList<>();
    ApiKey key = stored.key();
    KeyState state = stored.state(nowMillis);
    if (!state.usable() && state != KeyState.NOT_YET_VALID) {
      return findings;
    }
    if (key.expiresMillis() == null) {
      findings.add("never_expires");
    }
    if (key.rules().isEmpty()) {
      findings.add("unlimited");
    }
    Long used = stored.lastUsedMillis();
    if ((used == null ? key.createdMillis() : used) <= nowMillis - unused.toMillis()) {
      findings.add("unused");
    }
    if (stored.weak(nowMillis)) {
      findings.add("weak");
    }
    return findings;
  }
}
