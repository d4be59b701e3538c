package dev.gatewright.service.backend;

import dev.gatewright.share.ShareLimits;
import dev.gatewright.share.Shares;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The one queue before a service's instances. Keys take turns: each turn serves one call of the
/// key whose turn it is, the oldest first, so a key with a thousand calls at the door delays
/// another key's first call by at most one of its own. And no key has more than its share of the
/// slots, nor takes one more while it has more than its part of those that are free ([Shares]),
/// however long it keeps them: the rest is for others; three slots or fewer are not divided.
/// Bounded: when it is full, the newest waiter of the key with most waiting gives way to a key with
/// fewer. Thread-safe; callbacks run outside the lock, on whatever thread made the difference.
///
/// @param <S> what is waited for
public final class FairQueue<S> {
  /// Where calls are served; asked under the queue's lock only.
  interface Slots<S> {
    /// Null when there is none to be had now.
    @Nullable S take(@Nullable String model);

    void give(S slot);

    /// All of them, taken or not, at this moment.
    int places();
  }

  /// A call that may have to wait.
  interface Waiter<S> {
    String key();

    @Nullable String model();

    /// Its turn has come; the slot is to be given back by [#give].
    void granted(S slot);

    /// It waits no longer: another key's call took its place, or there is nothing to wait for.
    void displaced();
  }

  /// What came of entering.
  sealed interface Entry<S> {
    record Served<S>(S slot) implements Entry<S> {}

    /// @param position turns until its own, at this moment; 1 = the next
    record Waiting<S>(int position) implements Entry<S> {}

    /// @param position the one it would have had
    record Full<S>(int position) implements Entry<S> {}
  }

  /// A share of fewer would be a third of them, or half: too dear for a key that is alone.
  private static final int DIVIDED_MIN = 4;

  private final Slots<S> slots;
  private final int lengthMax;
  private final int keyPercent;

  /// Keys in the order of their turns. No key is without a waiter.
  private final Map<String, Deque<Waiter<S>>> turns = new LinkedHashMap<>();

  /// Slots that keys have now. No key is here without one.
  private final Map<String, Integer> running = new HashMap<>();

  private int length;

  /// Of all keys.
  private int taken;

  /// @param keyPercent of four slots or more one key may have, rounded down
  FairQueue(Slots<S> slots, int lengthMax, int keyPercent) {
    this.slots = slots;
    this.lengthMax = lengthMax;
    this.keyPercent = keyPercent;
  }

  Entry<S> enter(Waiter<S> waiter) {
    Waiter<S> displaced = null;
    Entry<S> entry;
    synchronized (this) {
      // Where a slot is free although calls wait, those are of keys that have their share.
      S slot = take(waiter);
      if (slot != null) {
        return new Entry.Served<>(slot);
      }
      if (length >= lengthMax) {
        displaced = newestOfTheMostWaiting(waiter.key());
        if (displaced == null) {
          return new Entry.Full<>(position(waiter.key(), waiting(waiter.key()) + 1));
        }
      }
      turns.computeIfAbsent(waiter.key(), _ -> new ArrayDeque<>()).addLast(waiter);
      length++;
      entry = new Entry.Waiting<>(position(waiter.key(), waiting(waiter.key())));
    }
    if (displaced != null) {
      displaced.displaced();
    }
    return entry;
  }

  /// Takes it out of its key's most patient opponent's queue; null when no key has more waiting.
  private @Nullable Waiter<S> newestOfTheMostWaiting(String newcomer) {
    int most = waiting(newcomer);
    String key = null;
    for (Map.Entry<String, Deque<Waiter<S>>> each : turns.entrySet()) {
      if (each.getValue().size() > most) {
        most = each.getValue().size();
        key = each.getKey();
      }
    }
    Deque<Waiter<S>> waiters = key == null ? null : turns.get(key);
    if (key == null || waiters == null) {
      return null;
    }
    Waiter<S> newest = waiters.removeLast();
    taken(key, waiters);
    return newest;
  }

  /// A waiter goes by itself.
  ///
  /// @return its position, or 0 when it waited no longer: it was granted a slot or displaced
  synchronized int leave(Waiter<S> waiter) {
    Deque<Waiter<S>> waiters = turns.get(waiter.key());
    if (waiters == null) {
      return 0;
    }
    int nth = 1;
    for (Waiter<S> each : waiters) {
      if (each.equals(waiter)) {
        int position = position(waiter.key(), nth);
        waiters.remove(waiter);
        taken(waiter.key(), waiters);
        return position;
      }
      nth++;
    }
    return 0;
  }

  /// A slot is free again.
  ///
  /// @param key whose it was
  void give(String key, S slot) {
    List<Runnable> granted;
    synchronized (this) {
      running.computeIfPresent(key, (_, had) -> had == 1 ? null : had - 1);
      taken--;
      slots.give(slot);
      granted = grant();
    }
    granted.forEach(Runnable::run);
  }

  /// Slots may have appeared: as many waiters as they can take get their turn.
  void serve() {
    List<Runnable> granted;
    synchronized (this) {
      granted = grant();
    }
    granted.forEach(Runnable::run);
  }

  private List<Runnable> grant() {
    List<Runnable> granted = new ArrayList<>(1);
    for (Waiter<S> next = next(); next != null; next = next()) {
      S slot = take(next);
      if (slot == null) {
        break;
      }
      Deque<Waiter<S>> waiters = Objects.requireNonNull(turns.remove(next.key()));
      waiters.removeFirst();
      length--;
      if (!waiters.isEmpty()) {
        turns.put(next.key(), waiters);
      }
      Waiter<S> served = next;
      granted.add(() -> served.granted(slot));
    }
    return granted;
  }

  /// Whose turn it is: the first of the first key that has not got its share.
  private @Nullable Waiter<S> next() {
    for (Map.Entry<String, Deque<Waiter<S>>> turn : turns.entrySet()) {
      if (belowShare(turn.getKey())) {
        return turn.getValue().getFirst();
      }
    }
    return null;
  }

  private @Nullable S take(Waiter<S> waiter) {
    S slot = belowShare(waiter.key()) ? slots.take(waiter.model()) : null;
    if (slot != null) {
      running.merge(waiter.key(), 1, Integer::sum);
      taken++;
    }
    return slot;
  }

  private boolean belowShare(String key) {
    int places = slots.places();
    int after = running.getOrDefault(key, 0) + 1;
    if (places < DIVIDED_MIN) {
      return after <= places;
    }
    long share = ShareLimits.of(places, keyPercent);
    return after <= share && Shares.fair(after, share, places - taken - 1L, places);
  }

  /// Nothing is left to wait for.
  void displaceAll() {
    List<Waiter<S>> all = new ArrayList<>();
    synchronized (this) {
      turns.values().forEach(all::addAll);
      turns.clear();
      length = 0;
    }
    all.forEach(Waiter::displaced);
  }

  public synchronized int length() {
    return length;
  }

  private void taken(String key, Deque<Waiter<S>> waiters) {
    length--;
    if (waiters.isEmpty()) {
      turns.remove(key);
    }
  }

  private int waiting(String key) {
    Deque<Waiter<S>> waiters = turns.get(key);
    return waiters == null ? 0 : waiters.size();
  }

  /// Turns until a key's `nth` waiter is served: a key before it in the round has as many turns as
  /// it, one behind it one less.
  private int position(String key, int nth) {
    int position = nth;
    boolean before = true;
    for (Map.Entry<String, Deque<Waiter<S>>> each : turns.entrySet()) {
      if (each.getKey().equals(key)) {
        before = false;
      } else {
        position += Math.min(each.getValue().size(), before ? nth : nth - 1);
      }
    }
    return position;
  }
}
