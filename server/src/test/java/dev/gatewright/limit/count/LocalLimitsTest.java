package dev.gatewright.limit.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitHeaders;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Standing;
import dev.gatewright.limit.term.Used;
import dev.gatewright.limit.term.Window;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalLimitsTest {
  private static final Limit REQUESTS =
      new Limit("lim_1", "key_a", LimitKind.REQUESTS, 3, Window.MINUTE);
  private static final Limit OUTPUT =
      new Limit("lim_2", "org_a", LimitKind.OUTPUT_TOKENS, 100, Window.MINUTE);
  private static final Limit AT_ONCE = new Limit("lim_3", "key_a", LimitKind.CONCURRENCY, 2, null);

  private final AtomicLong nanos = new AtomicLong();
  private final LocalLimits limits = new LocalLimits(nanos::get);

  private static Demand output(long tokens) {
    return new Demand(0, tokens, () -> 0, List.of(), LimitHeaders.OPENAI);
  }

  private Hold pass(List<Limit> behind, Demand demand) {
    return ((Decision.Passed) limits.take(behind, demand)).hold();
  }

  private long left(Limit limit) {
    Standing.Line line = limits.look(List.of(limit)).of(limit.kind());
    return line == null ? -1 : line.left();
  }

  @Test
  void a_refused_call_takes_nothing_of_any_limit() {
    Hold _ = pass(List.of(OUTPUT), output(100));
    for (int i = 0; i < 10; i++) {
      assertThat(limits.take(List.of(REQUESTS, OUTPUT, AT_ONCE), output(1)))
          .isInstanceOfSatisfying(
              Decision.Refused.class, no -> assertThat(no.limit()).isEqualTo(OUTPUT));
    }
    assertThat(left(REQUESTS)).isEqualTo(3);
    assertThat(left(AT_ONCE)).isEqualTo(2);
  }

  @Test
  void calls_at_once_are_free_again_when_one_ends() {
    Hold first = pass(List.of(AT_ONCE), Demand.ONE);
    Hold _ = pass(List.of(AT_ONCE), Demand.ONE);
    assertThat(limits.take(List.of(AT_ONCE), Demand.ONE)).isInstanceOf(Decision.Refused.class);
    first.settle(new Used(0, 0, 0, true));
    assertThat(limits.take(List.of(AT_ONCE), Demand.ONE)).isInstanceOf(Decision.Passed.class);
  }

  @Test
  void what_was_used_takes_the_place_of_what_was_taken() {
    Hold hold = pass(List.of(OUTPUT), output(90));
    hold.settle(new Used(0, 30, 0, true));
    assertThat(left(OUTPUT)).isEqualTo(70);
  }

  @Test
  void a_call_that_the_gate_refused_for_another_reason_is_no_request() {
    Hold hold = pass(List.of(REQUESTS), Demand.ONE);
    assertThat(left(REQUESTS)).isEqualTo(2);
    hold.settle(Used.NOTHING);
    assertThat(left(REQUESTS)).isEqualTo(3);
  }

  @Test
  void a_share_is_rounded_down_and_two_shares_are_never_more_than_the_limit() {
    limits.sharers(2);
    Hold _ = pass(List.of(REQUESTS), Demand.ONE);
    assertThat(limits.take(List.of(REQUESTS), Demand.ONE)).isInstanceOf(Decision.Refused.class);
    limits.sharers(4);
    assertThat(limits.take(List.of(AT_ONCE), Demand.ONE)).isInstanceOf(Decision.Refused.class);
  }

  @Test
  void only_limits_in_use_are_remembered_and_never_more_than_so_many() {
    LocalLimits few = new LocalLimits(nanos::get, 2);
    Limit third = new Limit("lim_4", "key_b", LimitKind.REQUESTS, 3, Window.MINUTE);
    Hold hold = ((Decision.Passed) few.take(List.of(REQUESTS, AT_ONCE), Demand.ONE)).hold();
    assertThat(few.take(List.of(third), Demand.ONE)).isInstanceOf(Decision.Full.class);
    nanos.addAndGet(Window.MINUTE.nanos());
    few.sweep();
    assertThat(few.count()).isEqualTo(2);
    hold.settle(new Used(0, 0, 0, true));
    few.sweep();
    assertThat(few.count()).isZero();
    assertThat(few.take(List.of(third), Demand.ONE)).isInstanceOf(Decision.Passed.class);
  }
}
