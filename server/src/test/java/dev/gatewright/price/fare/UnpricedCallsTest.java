package dev.gatewright.price.fare;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnpricedCallsTest {
  private static final @Nullable Boolean[] WORDS = {null, false, true};

  @Test
  void budget_theMostSpecificThatSaysSomethingDecides() {
    for (boolean configured : new boolean[] {false, true}) {
      UnpricedCalls calls = new UnpricedCalls(() -> configured, "org_owner");
      for (Boolean key : WORDS) {
        for (Boolean project : WORDS) {
          for (Boolean organization : WORDS) {
            boolean expected =
                key != null
                    ? key
                    : project != null ? project : organization != null ? organization : configured;
            assertThat(calls.allowed("org_a", key, project, organization, false))
                .as("%s %s %s %s", key, project, organization, configured)
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void wallet_isThePlatformsMoney_soTheTenantsWordAloneIsNotEnough() {
    UnpricedCalls calls = new UnpricedCalls(() -> false, "org_owner");
    assertThat(calls.allowed("org_a", true, true, null, true)).isFalse();
    assertThat(calls.allowed("org_a", true, true, false, true)).isFalse();
    assertThat(calls.allowed("org_a", null, null, true, true)).isTrue();
    assertThat(calls.allowed("org_a", false, null, true, true)).isFalse();
    assertThat(calls.allowed("org_a", null, false, true, true)).isFalse();
    assertThat(calls.allowed("org_owner", true, null, null, true)).isTrue();
    assertThat(calls.allowed("org_owner", null, null, null, true)).isFalse();
    assertThat(new UnpricedCalls(() -> true, "").allowed("org_a", null, null, null, true)).isTrue();
    assertThat(new UnpricedCalls(() -> true, "").allowed("org_a", null, null, false, true))
        .isFalse();
  }
}
