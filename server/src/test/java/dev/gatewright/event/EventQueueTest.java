package dev.gatewright.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static List<Event> events(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(
            i -> new Event(Event.Source.LOG, i, "room", "end", "room_" + i, null, null, 0, null, 1))
        .toList();
  }

  @Test
  void a_slow_reader_loses_what_waits_and_is_told_how_far() throws Exception {
    EventQueue queue = new EventQueue();
    queue.offer(events(1, 200), Position.of(0, 200));
    queue.offer(events(201, 200), Position.of(0, 400));
    queue.offer(events(401, 3), Position.of(0, 403));
    EventQueue.Taken taken = queue.take(0);
    assertThat(taken.lost()).isTrue();
    assertThat(taken.events()).isEmpty();
    assertThat(taken.through()).isEqualTo(Position.of(0, 403));
    queue.offer(events(404, 2), Position.of(0, 405));
    assertThat(queue.take(0).events()).hasSize(2);
  }

  @Test
  void the_first_ending_counts_and_stays() throws Exception {
    EventQueue queue = new EventQueue();
    queue.end(Ending.REPLACED);
    queue.end(Ending.SHUTTING_DOWN);
    assertThat(queue.take(1_000).ending()).isEqualTo(Ending.REPLACED);
    assertThat(queue.take(1_000).ending()).isEqualTo(Ending.REPLACED);
  }

  @Test
  void many_requests_are_told_as_one() {
    List<Event> requests =
        IntStream.rangeClosed(1, 60)
            .mapToObj(i ->
                new Event(
                    Event.Source.LOG,
                    i,
                    "request",
                    "completed",
                    "att_" + i,
                    "prj_1",
                    "req_1",
                    0,
                    null,
                    1))
            .toList();
    assertThat(EventFrames.fewer(requests.subList(0, 50))).hasSize(50);
    assertThat(EventFrames.fewer(requests))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.count()).isEqualTo(60);
          assertThat(one.objectId()).isNull();
          assertThat(one.place()).isEqualTo(60);
        });
    List<Event> sums = requests.stream().map(Event::asUsage).toList();
    assertThat(EventFrames.fewer(sums)).singleElement().extracting(Event::place).isEqualTo(60L);
  }
}
