package dev.gatewright.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.share.Shares.Taken;
import java.net.InetAddress;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final Holder ALICE = Holder.key("key_alice");
  private static final Holder BOB = Holder.key("key_bob");
  private static final Holder STREET = Holder.address(InetAddress.ofLiteral("192.0.2.1"));

  @Test
  void nobody_takes_more_than_a_share_nor_all_more_than_there_is() {
    Shares shares = new Shares(100, 60, 10, 5);

    assertThat(shares.take(ALICE, 61)).isEqualTo(Taken.SHARE_FULL);
    assertThat(shares.take(ALICE, 60)).isEqualTo(Taken.YES);
    assertThat(shares.take(STREET, 11)).isEqualTo(Taken.SHARE_FULL);
    assertThat(shares.take(BOB, 41)).isEqualTo(Taken.ALL_FULL);
    assertThat(shares.take(BOB, 40)).isEqualTo(Taken.YES);
    assertThat(shares.take(STREET, 1)).isEqualTo(Taken.ALL_FULL);
    assertThat(shares.taken()).isEqualTo(100);
  }

  @Test
  void the_reserve_is_there_for_the_local_command_line_alone() {
    Shares shares = new Shares(10, 10, 10, 2);
    assertThat(shares.take(ALICE, 10)).isEqualTo(Taken.YES);
    assertThat(shares.take(BOB, 1)).isEqualTo(Taken.ALL_FULL);
    assertThat(shares.take(Holder.LOCAL, 2)).isEqualTo(Taken.YES);
    assertThat(shares.take(Holder.LOCAL, 1)).isEqualTo(Taken.ALL_FULL);
  }

  @Test
  void whoever_gave_all_back_is_forgotten() {
    Shares shares = new Shares(1000, 10, 10, 0);
    for (int i = 0; i < 500; i++) {
      Holder holder = Holder.key("key_" + i);
      assertThat(shares.take(holder, 2)).isEqualTo(Taken.YES);
      shares.give(holder, 1);
      shares.give(holder, 1);
    }
    assertThat(shares.holders()).isZero();
    assertThat(shares.taken()).isZero();
  }

  @Test
  void what_was_not_taken_cannot_be_given_back() {
    Shares shares = new Shares(10, 10, 10, 0);
    assertThat(shares.take(ALICE, 1)).isEqualTo(Taken.YES);
    assertThatThrownBy(() -> shares.give(ALICE, 2)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> shares.give(BOB, 1)).isInstanceOf(IllegalStateException.class);
    assertThat(shares.taken()).isEqualTo(1);
  }

  @Test
  void an_owner_of_a_v6_network_is_one_holder() {
    assertThat(Holder.address(InetAddress.ofLiteral("2001:db8::1")))
        .isEqualTo(Holder.address(InetAddress.ofLiteral("2001:db8::ffff:2")))
        .isNotEqualTo(Holder.address(InetAddress.ofLiteral("2001:db8:0:1::1")));
    assertThat(STREET).isNotEqualTo(Holder.address(InetAddress.ofLiteral("192.0.2.2")));
  }

  @Test
  void many_at_once_never_pass_the_bounds() {
    long seed = System.nanoTime();
    Shares shares = new Shares(50, 20, 20, 0);
    IntStream.range(0, 8)
        .parallel()
        .forEach(thread -> {
          Random random = new Random(seed + thread);
          Holder holder = Holder.key("key_" + thread % 4);
          for (int i = 0; i < 20_000; i++) {
            long amount = random.nextInt(1, 15);
            if (shares.take(holder, amount) == Taken.YES) {
              assertThat(shares.taken()).as("seed %d", seed).isLessThanOrEqualTo(50 + 8 * 15);
              assertThat(shares.held(holder)).as("seed %d", seed).isBetween(amount, 20L);
              shares.give(holder, amount);
            }
          }
        });
    assertThat(shares.taken()).as("seed %d", seed).isZero();
    assertThat(shares.holders()).as("seed %d", seed).isZero();
  }

  @Test
  void shares_are_written_in_per_cent() {
    assertThat(ShareLimits.of(512, 25)).isEqualTo(128);
    assertThat(ShareLimits.of(1, 75)).isEqualTo(1);
    assertThat(ShareLimits.of(4, 75)).isEqualTo(3);
    assertThat(ShareLimits.of(Long.MAX_VALUE, 100)).isEqualTo(Long.MAX_VALUE);
  }
}
