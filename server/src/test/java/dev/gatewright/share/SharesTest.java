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
    // What is free is not all for the first who asks.
    assertThat(shares.take(BOB, 40)).isEqualTo(Taken.ALL_FULL);
    assertThat(shares.take(BOB, 24)).isEqualTo(Taken.YES);
    assertThat(shares.take(BOB, 2)).isEqualTo(Taken.SHARE_FULL);
    assertThat(shares.take(STREET, 2)).isEqualTo(Taken.YES);
    assertThat(shares.taken()).isEqualTo(86);
  }

  /// Choudhury and Hahne: n who take all they can have C ÷ (n + 1) each, and as much is free.
  @Test
  void greedy_ones_leave_as_much_as_one_of_them_has() {
    for (int greedy : new int[] {1, 2, 5, 20}) {
      Shares shares = new Shares(1_000, 500, 500, 0);
      for (int round = 0; round < 1_000; round++) {
        for (int i = 0; i < greedy; i++) {
          Taken _ = shares.take(Holder.key("key_" + i), 1);
        }
      }
      long part = 1_000 / (greedy + 1);
      for (int i = 0; i < greedy; i++) {
        assertThat(shares.held(Holder.key("key_" + i))).isBetween(part - 2, part + 2);
      }
      assertThat(1_000 - shares.taken()).isBetween(part - 2L * greedy, part + 2L * greedy);
      assertThat(shares.take(BOB, part / 3)).as("%d greedy", greedy).isEqualTo(Taken.YES);
    }
  }

  @Test
  void what_others_leave_may_be_taken_again() {
    Shares shares = new Shares(100, 50, 50, 0);
    assertThat(shares.take(ALICE, 50)).isEqualTo(Taken.YES);
    assertThat(shares.take(BOB, 40)).isEqualTo(Taken.ALL_FULL);
    shares.give(ALICE, 50);
    assertThat(shares.take(BOB, 50)).isEqualTo(Taken.YES);
  }

  @Test
  void many_keys_of_one_organization_are_not_many_shares() {
    Shares shares = new Shares(1_000, 250, 250, 0);
    for (int i = 0; i < 1_000; i++) {
      for (int each = 0; each < 5; each++) {
        Taken _ = shares.take(Holder.key("key_" + i, "org_greedy"), 1);
        Taken _ = shares.take(Holder.address(InetAddress.ofLiteral("192.0.2." + i % 256)), 1);
      }
    }
    assertThat(1_000 - shares.taken()).isGreaterThan(200);
    assertThat(shares.take(Holder.key("key_quiet", "org_quiet"), 40)).isEqualTo(Taken.YES);
    assertThat(shares.take(Holder.key("key_5000", "org_greedy"), 40)).isNotEqualTo(Taken.YES);
    for (int i = 0; i < 1_000; i++) {
      Holder key = Holder.key("key_" + i, "org_greedy");
      shares.give(key, shares.held(key));
    }
    assertThat(shares.take(Holder.key("key_5000", "org_greedy"), 40)).isEqualTo(Taken.YES);
  }

  @Test
  void the_last_one_is_for_whoever_has_none() {
    Shares shares = new Shares(4, 3, 3, 0);
    for (int i = 0; i < 3; i++) {
      assertThat(shares.take(ALICE, 1)).isEqualTo(Taken.YES);
    }
    assertThat(shares.take(ALICE, 1)).isEqualTo(Taken.SHARE_FULL);
    assertThat(shares.take(BOB, 1)).isEqualTo(Taken.YES);
    assertThat(shares.take(STREET, 1)).isEqualTo(Taken.ALL_FULL);
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
