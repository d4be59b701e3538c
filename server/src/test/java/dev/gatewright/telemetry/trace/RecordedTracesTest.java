package dev.gatewright.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Whose trace goes on, whose begins, and what is kept of it.
class RecordedTracesTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final SpanQueue queue = new SpanQueue(4, 4);

  private Trace begin(Sampler sampler, String flags) {
    String parent = "00-" + ID + "-00f067aa0ba902b7-" + flags;
    return new RecordedTraces(sampler, queue).begin(parent, () -> List.of("congo=t61"));
  }

  @Test
  void a_callers_trace_goes_on_below_the_callers_span() {
    Trace trace = begin(Sampler.DEFAULT, "03");
    assertThat(trace.id()).isEqualTo(ID);
    assertThat(TraceParent.id(trace.parent())).isEqualTo("00f067aa0ba902b7");
    assertThat(trace.place().span()).isNotEqualTo(trace.parent());
    assertThat(trace.state()).isEqualTo("congo=t61");
    long span = trace.newSpan();
    assertThat(trace.parentText(span)).isEqualTo("00-" + ID + "-" + TraceParent.id(span) + "-03");
    assertThat(trace.parentText(0))
        .isEqualTo("00-" + ID + "-" + TraceParent.id(trace.place().span()) + "-03");
  }

  @Test
  void without_one_a_trace_begins_and_a_state_without_one_is_forgotten() {
    Trace trace =
        new RecordedTraces(Sampler.DEFAULT, queue).begin(null, () -> List.of("congo=t61"));
    assertThat(Objects.requireNonNull(trace.id())).hasSize(32).isNotEqualTo(ID);
    assertThat(trace.parent()).isZero();
    assertThat(trace.state()).isEmpty();
    assertThat(trace.place().flags()).isEqualTo(TraceParent.SAMPLED | TraceParent.RANDOM);
  }

  @Test
  void who_decides_whether_it_is_recorded() {
    assertThat(begin(Sampler.DEFAULT, "00").recorded()).isFalse();
    assertThat(begin(Sampler.DEFAULT, "01").recorded()).isTrue();
    assertThat(begin(new Sampler(true, 0), "01").recorded()).isTrue();
    // A caller's word does not count.
    assertThat(begin(new Sampler(false, 0), "01").recorded()).isFalse();
    assertThat(begin(new Sampler(false, 1), "00").recorded()).isTrue();
    assertThat(begin(new Sampler(false, 0), "01").parentText(0)).endsWith("-00");
  }

  @Test
  void a_ratio_is_kept() {
    RecordedTraces tenth = new RecordedTraces(new Sampler(true, 0.1), queue);
    int recorded = 0;
    for (int i = 0; i < 20_000; i++) {
      recorded += tenth.begin(null, List::of).recorded() ? 1 : 0;
    }
    assertThat(recorded).isBetween(1_700, 2_300);
  }

  @Test
  void where_nobody_records_only_the_id_is_known() {
    Trace passed = Tracing.OFF.begin("00-" + ID + "-00f067aa0ba902b7-01", List::of);
    assertThat(passed.id()).isEqualTo(ID);
    assertThat(passed.takesPart()).isFalse();
    assertThat(passed.recorded()).isFalse();
    assertThat(Tracing.OFF.begin("00-nonsense", List::of).id()).isNull();
  }

  @Test
  void the_queue_has_a_bound_and_strangers_have_half_of_it() {
    Trace trace = begin(Sampler.DEFAULT, "01");
    Span span = new Nothing(trace);
    for (int i = 0; i < 3; i++) {
      trace.tell(span, false);
    }
    assertThat(queue.dropped()).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      trace.tell(span, true);
    }
    assertThat(queue.dropped()).isEqualTo(2);
    List<Span> taken = new ArrayList<>();
    queue.take(taken, 3);
    assertThat(taken).hasSize(3);
    queue.take(taken, 3);
    assertThat(taken).hasSize(4);
    trace.tell(span, true);
    queue.take(taken, 3);
    assertThat(taken).hasSize(5);
  }

  private record Nothing(Trace trace) implements Span {
    @Override
    public long id() {
      return 1;
    }

    @Override
    public long parent() {
      return 0;
    }

    @Override
    public boolean inward() {
      return true;
    }

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public long startNanos() {
      return 1;
    }

    @Override
    public long endNanos() {
      return 2;
    }

    @Override
    public boolean failed() {
      return false;
    }

    @Override
    public void describe(Words words) {}
  }
}
