package dev.gatewright.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EventSharesTest {
  private static final EventShares SHARES = new EventShares(512, 128);

  @Test
  void a_person_has_half_of_an_organizations_share() {
    assertThat(SHARES.refusal(63, 63, 63)).isNull();
    Refusal refused = Objects.requireNonNull(SHARES.refusal(64, 64, 64));
    assertThat(refused.status()).isEqualTo(429);
    // In another organization, too.
    assertThat(SHARES.refusal(64, 0, 64)).isNotNull();
    assertThat(new EventShares(512, 1).refusal(0, 0, 0)).isNull();
  }

  @Test
  void an_organization_has_its_share_and_less_while_others_have_theirs() {
    assertThat(SHARES.refusal(127, 127, 0)).isNull();
    assertThat(SHARES.refusal(128, 128, 0)).isNotNull();
    // A hundred organizations that take all they can: somebody new still finds some.
    Map<Integer, Integer> open = new HashMap<>();
    int all = 0;
    for (int round = 0; round < 128; round++) {
      for (int each = 0; each < 100; each++) {
        int own = open.getOrDefault(each, 0);
        if (SHARES.refusal(all, own, 0) == null) {
          open.put(each, own + 1);
          all++;
        }
      }
    }
    assertThat(all).isLessThan(512);
    assertThat(SHARES.refusal(all, 0, 0)).isNull();
    assertThat(SHARES.refusal(all, 8, 0)).isNotNull();
  }

  @Test
  void none_is_left_where_all_are_open() {
    Refusal refused = Objects.requireNonNull(SHARES.refusal(512, 0, 0));
    assertThat(refused.status()).isEqualTo(503);
  }
}
