package dev.gatewright.service.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  /// A number of places, nothing more.
  private static final class Places implements FairQueue.Slots<Integer> {
    private final int all;
    private int free;

    Places(int free) {
      this.all = free;
      this.free = free;
    }

    @Override
    public int places() {
      return all;
    }

    @Override
    public @Nullable Integer take(@Nullable String model) {
      return free == 0 ? null : free--;
    }

    @Override
    public void give(Integer slot) {
      free++;
    }
  }

  private record Call(String key, int number, List<Call> served, List<Call> displacedOnes)
      implements FairQueue.Waiter<Integer> {
    @Override
    public @Nullable String model() {
      return null;
    }

    @Override
    public void granted(Integer slot) {
      served.add(this);
    }

    @Override
    public void displaced() {
      displacedOnes.add(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return number;
    }

    @Override
    public String toString() {
      return key + number;
    }
  }

  private final List<Call> served = new ArrayList<>();
  private final List<Call> displaced = new ArrayList<>();

  private Call call(String key, int number) {
    return new Call(key, number, served, displaced);
  }

  @Test
  void a_key_with_a_thousand_calls_delays_anothers_first_by_one_turn() {
    FairQueue<Integer> queue = new FairQueue<>(new Places(1), 2000, 100);
    assertThat(queue.enter(call("a", 0))).isInstanceOf(FairQueue.Entry.Served.class);
    for (int i = 1; i <= 1000; i++) {
      assertThat(queue.enter(call("a", i))).isEqualTo(new FairQueue.Entry.Waiting<>(i));
    }
    assertThat(queue.enter(call("b", 1))).isEqualTo(new FairQueue.Entry.Waiting<>(2));
    queue.give("a", 1);
    queue.give("a", 1);
    assertThat(served).extracting(Call::toString).containsExactly("a1", "b1");
  }

  @Test
  void a_key_that_keeps_its_slots_leaves_the_rest_to_others() {
    FairQueue<Integer> queue = new FairQueue<>(new Places(4), 10, 75);
    for (int i = 0; i < 3; i++) {
      assertThat(queue.enter(call("a", i))).isInstanceOf(FairQueue.Entry.Served.class);
    }
    assertThat(queue.enter(call("a", 3))).isEqualTo(new FairQueue.Entry.Waiting<>(1));
    assertThat(queue.enter(call("b", 0))).isInstanceOf(FairQueue.Entry.Served.class);
    assertThat(queue.enter(call("b", 1))).isInstanceOf(FairQueue.Entry.Waiting.class);
    queue.give("b", 1);
    assertThat(served).extracting(Call::toString).containsExactly("b1");
    queue.give("a", 1);
    assertThat(served).extracting(Call::toString).containsExactly("b1", "a3");
    assertThat(queue.length()).isZero();
  }

  @Test
  void up_to_three_slots_are_not_divided_and_keys_take_turns_all_the_same() {
    for (int places = 1; places <= 3; places++) {
      served.clear();
      FairQueue<Integer> queue = new FairQueue<>(new Places(places), 10, 25);
      for (int i = 0; i < places; i++) {
        assertThat(queue.enter(call("a", i))).isInstanceOf(FairQueue.Entry.Served.class);
      }
      assertThat(queue.enter(call("a", 3))).isEqualTo(new FairQueue.Entry.Waiting<>(1));
      assertThat(queue.enter(call("a", 4))).isEqualTo(new FairQueue.Entry.Waiting<>(2));
      assertThat(queue.enter(call("b", 0))).isEqualTo(new FairQueue.Entry.Waiting<>(2));
      queue.give("a", 1);
      queue.give("a", 1);
      assertThat(served).extracting(Call::toString).containsExactly("a3", "b0");
    }
  }

  @Test
  void one_slot_is_anybodys() {
    FairQueue<Integer> queue = new FairQueue<>(new Places(1), 10, 75);
    assertThat(queue.enter(call("a", 0))).isInstanceOf(FairQueue.Entry.Served.class);
    assertThat(queue.enter(call("b", 0))).isInstanceOf(FairQueue.Entry.Waiting.class);
    queue.give("a", 1);
    assertThat(served).hasSize(1);
  }

  @Test
  void when_full_the_newest_of_the_key_with_most_waiting_gives_way() {
    FairQueue<Integer> queue = new FairQueue<>(new Places(0), 4, 100);
    for (int i = 1; i <= 4; i++) {
      queue.enter(call("a", i));
    }
    assertThat(queue.enter(call("a", 5))).isEqualTo(new FairQueue.Entry.Full<>(5));
    assertThat(queue.enter(call("b", 1))).isEqualTo(new FairQueue.Entry.Waiting<>(2));
    assertThat(queue.enter(call("b", 2))).isEqualTo(new FairQueue.Entry.Waiting<>(4));
    assertThat(displaced).extracting(Call::toString).containsExactly("a4", "a3");
    assertThat(queue.enter(call("b", 3))).isInstanceOf(FairQueue.Entry.Full.class);
    assertThat(queue.length()).isEqualTo(4);
  }

  @Test
  void a_waiter_that_leaves_frees_its_place_once() {
    FairQueue<Integer> queue = new FairQueue<>(new Places(0), 4, 100);
    Call first = call("a", 1);
    Call second = call("a", 2);
    queue.enter(first);
    queue.enter(second);
    assertThat(queue.leave(second)).isEqualTo(2);
    assertThat(queue.leave(second)).isZero();
    assertThat(queue.leave(first)).isEqualTo(1);
    assertThat(queue.length()).isZero();
  }

  @Test
  void nobody_waits_longer_than_a_round_and_no_place_is_lost() {
    long seed = System.nanoTime();
    System.out.println("FairQueueTest seed " + seed);
    Random random = new Random(seed);
    FairQueue<Integer> queue = new FairQueue<>(new Places(3), 40, 100);
    List<Call> running = new ArrayList<>();
    Map<Call, Integer> turnsLeft = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      if (random.nextBoolean()) {
        Call call = call("k" + random.nextInt(8), i);
        int waitingBefore = displaced.size();
        switch (queue.enter(call)) {
          case FairQueue.Entry.Served<Integer> _ -> running.add(call);
          case FairQueue.Entry.Waiting<Integer>(int position) ->
              turnsLeft.put(call, position + 320);
          case FairQueue.Entry.Full<Integer> _ -> {}
        }
        displaced.subList(waitingBefore, displaced.size()).forEach(turnsLeft::remove);
      } else if (!running.isEmpty()) {
        int before = served.size();
        queue.give(running.remove(random.nextInt(running.size())).key(), 1);
        running.addAll(served.subList(before, served.size()));
        served.subList(before, served.size()).forEach(turnsLeft::remove);
        turnsLeft.replaceAll((_, left) -> left - 1);
        assertThat(turnsLeft.values()).allMatch(left -> left >= 0);
      }
      assertThat(running).hasSizeBetween(0, 3);
      assertThat(queue.length()).isBetween(0, 40);
    }
    while (queue.length() > 0) {
      int before = served.size();
      queue.give(running.removeFirst().key(), 1);
      assertThat(served).hasSizeGreaterThan(before);
      running.addAll(served.subList(before, served.size()));
    }
  }
}
