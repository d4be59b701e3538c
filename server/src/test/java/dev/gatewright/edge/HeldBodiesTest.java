package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.share.Holder;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.share.Shares.Taken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldBodiesTest {
  private static final Holder KEY = Holder.key("key_1");
  private static final Holder OTHER = Holder.key("key_2");

  @Test
  void a_key_gets_its_share_and_one_body_of_the_longest_kind_at_least() {
    Duration second = Duration.ofSeconds(1);
    EdgeLimits limits =
        new EdgeLimits(8192, 60, 100, second, second, 9, second, second, ShareLimits.DEFAULT);
    HeldBodies bodies = limits.heldBodies();

    assertThat(bodies.take(KEY, 61)).isEqualTo(Taken.SHARE_FULL);
    assertThat(bodies.take(KEY, 60)).isEqualTo(Taken.YES);
    assertThat(bodies.take(KEY, 1)).isEqualTo(Taken.SHARE_FULL);
    // And others what leaves something for who comes new.
    assertThat(bodies.take(OTHER, 40)).isEqualTo(Taken.ALL_FULL);
    assertThat(bodies.take(OTHER, 24)).isEqualTo(Taken.YES);
    assertThat(bodies.take(Holder.LOCAL, 1000)).isEqualTo(Taken.YES);
  }

  @Test
  void a_byte_that_keeps_a_large_buffer_is_copied_out_of_it() {
    HeldBodies bodies = new HeldBodies(1 << 20);
    List<HeldBody> held = new ArrayList<>();
    HeldBody body =
        new HeldBody(
            bodies,
            KEY,
            1,
            new HeldBody.Receiver() {
              @Override
              public void received(HeldBody whole) {
                held.add(whole);
              }

              @Override
              public void refused(Refusal refusal) {
                throw new AssertionError(refusal);
              }
            });
    ByteBuf read = ByteBufAllocator.DEFAULT.directBuffer(64 << 10).writeBytes(new byte[60_000]);
    body.data(read.readRetainedSlice(1));
    body.end();
    assertThat(read.refCnt()).isEqualTo(1);
    assertThat(bodies.heldBytes()).isEqualTo(1);
    assertThat(held.getFirst().bytes().readableBytes()).isEqualTo(1);
    held.getFirst().release();
    read.release();
    assertThat(bodies.heldBytes()).isZero();
  }

  @Test
  void gives_no_more_than_there_is() {
    HeldBodies bodies = new HeldBodies(100);

    assertThat(bodies.take(KEY, 60)).isEqualTo(Taken.YES);
    assertThat(bodies.take(OTHER, 41)).isEqualTo(Taken.ALL_FULL);
    assertThat(bodies.heldBytes()).isEqualTo(60);
    assertThat(bodies.take(OTHER, 40)).isEqualTo(Taken.YES);
    bodies.give(KEY, 60);
    bodies.give(OTHER, 40);
    assertThat(bodies.heldBytes()).isZero();
  }

  @Test
  void a_release_of_what_nobody_held_is_a_bug() {
    assertThatThrownBy(() -> new HeldBodies(100).give(KEY, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void the_refusal_says_when_to_come_again() {
    assertThat(HeldBodies.refusal(Taken.ALL_FULL).status()).isEqualTo(503);
    assertThat(HeldBodies.refusal(Taken.ALL_FULL).retryAfterSeconds()).isPositive();
    assertThat(HeldBodies.refusal(Taken.SHARE_FULL).status()).isEqualTo(429);
    assertThat(HeldBodies.refusal(Taken.SHARE_FULL).retryAfterSeconds()).isPositive();
  }
}
