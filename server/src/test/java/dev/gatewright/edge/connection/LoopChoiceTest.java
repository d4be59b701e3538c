package dev.gatewright.edge.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.connection.LoopChoice.Give;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopChoiceTest {
  private final LoopChoice choice = new LoopChoice(() -> 0);
  private final EventExecutor first = new DefaultEventExecutor();
  private final EventExecutor second = new DefaultEventExecutor();
  private final EventExecutor third = new DefaultEventExecutor();
  private final EventExecutorChooser chooser =
      choice.newChooser(new EventExecutor[] {first, second, third});

  @AfterEach
  void close() {
    for (EventExecutor loop : new EventExecutor[] {first, second, third}) {
      loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }
  }

  private void settle(EventExecutor loop, int permille) {
    for (int i = 0; i < 3; i++) {
      assertThat(choice.report(loop, permille)).isNull();
    }
  }

  @Test
  void fills_the_first_loop_before_the_next() {
    assertThat(IntStream.range(0, 50).mapToObj(_ -> chooser.next())).containsOnly(first);

    choice.report(first, LoopChoice.FULL);
    assertThat(chooser.next()).isSameAs(second);

    choice.report(second, LoopChoice.FULL);
    assertThat(chooser.next()).isSameAs(third);

    choice.report(third, LoopChoice.FULL + 10);
    choice.report(second, LoopChoice.FULL + 20);
    choice.report(first, LoopChoice.FULL + 30);
    assertThat(chooser.next()).isSameAs(third);
  }

  @Test
  void a_burst_nobody_has_measured_yet_is_spread() {
    assertThat(IntStream.range(0, 3 * LoopChoice.BURST).mapToObj(_ -> chooser.next()))
        .contains(first, second, third);
  }

  @Test
  void an_overfull_loop_gives_half_away_once_and_looks_what_came_of_it() {
    assertThat(choice.report(first, LoopChoice.OVERFULL)).isNull();
    assertThat(choice.report(first, 900)).isEqualTo(new Give(second, true));
    assertThat(choice.report(first, 900)).isNull();
    assertThat(choice.report(first, 900)).isNull();
    assertThat(choice.report(first, 900)).isEqualTo(new Give(third, true));
  }

  @Test
  void nothing_moves_when_all_are_busy() {
    settle(second, LoopChoice.ROOM);
    settle(third, LoopChoice.ROOM);

    assertThat(choice.report(first, 1000)).isNull();
  }

  @Test
  void what_fits_on_one_loop_goes_back_to_it() {
    settle(first, 250);
    settle(second, 250);

    assertThat(choice.report(third, LoopChoice.TOGETHER - 250)).isNull();
    assertThat(choice.report(third, LoopChoice.TOGETHER - 251)).isEqualTo(new Give(first, false));
  }
}
