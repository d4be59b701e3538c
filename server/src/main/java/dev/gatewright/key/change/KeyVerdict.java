package dev.gatewright.key.change;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KnownKey;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.PresentedKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Says what a key's text is worth, to an admin of the organization it belongs to. Blocks.
public final class KeyVerdict {
  private final KeyLists lists;
  private final KeyPepper pepper;
  private final LocalAdmin local;
  private final ForeignKeys foreign;
  private final Time time;

  public KeyVerdict(
      KeyLists lists, KeyPepper pepper, LocalAdmin local, ForeignKeys foreign, Time time) {
    this.lists = lists;
    this.pepper = pepper;
    this.local = local;
    this.foreign = foreign;
    this.time = time;
  }

  /// The body of an answer: `{"valid","state",…}`. Another organization's key is as unknown as one
  /// that never was.
  Map<String, Object> of(String organizationId, String text) {
    PresentedKey own = KeyFormat.parse(text);
    PresentedKey presented = own != null ? own : foreign.present(text);
    if (presented == null) {
      return verdict(false, "malformed");
    }
    if (local.matches(presented)) {
      return about(verdict(true, KeyState.ACTIVE.word()), local.key());
    }
    long now = time.millis();
    Optional<StoredKey> stored = lists.find(organizationId, presented.id());
    if (stored.isEmpty()) {
      return verdict(false, "unknown");
    }
    String objection =
        new KnownKey(stored.get(), pepper.id(), time.nanos()).objection(presented, pepper, now);
    if (objection == null) {
      return about(verdict(true, stored.get().state(now).word()), stored.get().key());
    }
    if (objection.equals(KnownKey.WRONG_SECRET)) {
      return verdict(false, "unknown");
    }
    return about(verdict(false, objection), stored.get().key());
  }

  private static Map<String, Object> verdict(boolean valid, String state) {
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("valid", valid);
    verdict.put("state", state);
    return verdict;
  }

  private static Map<String, Object> about(Map<String, Object> verdict, ApiKey key) {
    verdict.put("id", key.id());
    verdict.put("name", key.name());
    verdict.put("kind", KeyFormat.word(key.kind()));
    Long expires = key.expiresMillis();
    if (expires != null) {
      verdict.put("expires_at", Instant.ofEpochMilli(expires).toString());
    }
    return verdict;
  }
}
