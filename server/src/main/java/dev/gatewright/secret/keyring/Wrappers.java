package dev.gatewright.secret.keyring;

import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.KeysUnavailable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The master keys this process has, and which of them new keys are wrapped with. Thread-safe.
final class Wrappers {
  private volatile State state;

  private record State(Map<String, KeyWrapper> byId, String active) {
    State {
      byId = Map.copyOf(byId);
    }
  }

  /// @param active the id of one of them
  Wrappers(Collection<? extends KeyWrapper> wrappers, String active) {
    Map<String, KeyWrapper> byId = new HashMap<>();
    wrappers.forEach(wrapper -> byId.put(wrapper.id(), wrapper));
    this.state = new State(byId, active);
  }

  KeyWrapper active() {
    State now = state;
    return Objects.requireNonNull(now.byId.get(now.active));
  }

  @Nullable KeyWrapper find(String id) {
    return state.byId.get(id);
  }

  synchronized void adopt(KeyWrapper wrapper) {
    Map<String, KeyWrapper> more = new HashMap<>(state.byId);
    more.put(wrapper.id(), wrapper);
    state = new State(more, state.active);
  }

  /// @throws KeysUnavailable when this process does not have it
  synchronized void activate(String id) {
    if (!state.byId.containsKey(id)) {
      throw new KeysUnavailable(
          "new keys are wrapped with %s, which this process was not given".formatted(id));
    }
    state = new State(state.byId, id);
  }

  KeyWrapper.Unwrapping unwrap(DataKey key) {
    KeyWrapper wrapper = find(key.kekId());
    return wrapper == null
        ? new KeyWrapper.Unwrapping.Unavailable(
            "the master key %s is not at hand".formatted(key.kekId()))
        : wrapper.unwrap(key.wrapped(), key.id().context());
  }
}
