package dev.gatewright.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.credential.ProjectCredentials.Place;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.secret.Secret;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who pays, as a table.
class LadderTest {
  private static final Place PLACE = new Place(CredentialKind.PROVIDER, "acme");
  private static final String HERE = "https://api.acme.test";

  private static Credential stored(@Nullable String project, String origin) {
    return new Credential(
        "cred_" + project,
        "org_1",
        project,
        "n",
        CredentialKind.PROVIDER,
        "acme",
        origin,
        "sealed",
        "",
        "f",
        "",
        "local",
        1,
        1,
        1);
  }

  /// @param own `-` none, `here`, or `moved`
  private static Payer pays(
      String mode, boolean platform, boolean header, String own, String shared, boolean owned) {
    PaymentMode known = Objects.requireNonNull(PaymentMode.of(mode));
    ProjectCredentials view =
        new ProjectCredentials(
            known, platform, ProjectCredentials.Said.NOTHING, map("prj_1", own), map(null, shared));
    return Ladder.pays(
        view, new Ladder.Target(PLACE, HERE::equals, owned), header ? Secret.of("theirs") : null);
  }

  private static Map<Place, Credential> map(@Nullable String project, String state) {
    return switch (state) {
      case "here" -> Map.of(PLACE, stored(project, HERE));
      case "moved" -> Map.of(PLACE, stored(project, "https://api.elsewhere.test"));
      default -> Map.of();
    };
  }

  @ParameterizedTest
  @CsvSource({
    // mode, platform, header, own, shared, the target is the organization's | who pays
    "hybrid, true, true, here, here, false, header",
    "hybrid, true, false, here, here, false, project",
    "hybrid, true, false, -, here, false, organization",
    "hybrid, true, false, -, -, false, platform",
    "hybrid, false, false, -, -, false, 402",
    "hybrid, false, true, -, -, false, header",
    "api-keys, true, true, -, -, false, header",
    "api-keys, true, false, here, -, false, project",
    "api-keys, true, false, -, here, false, organization",
    "api-keys, true, false, -, -, false, 402",
    "credits, true, true, here, here, false, 403",
    "credits, true, false, here, here, false, platform",
    "credits, false, false, here, here, false, 402",
    // A moved one is not sent, and nobody else is billed in its place.
    "hybrid, true, false, moved, -, false, 502",
    "hybrid, true, false, -, moved, false, 502",
    "hybrid, true, false, moved, moved, false, 502",
    "hybrid, true, false, moved, here, false, organization",
    "hybrid, true, false, here, moved, false, project",
    "credits, true, false, moved, moved, false, platform",
    // The organization's own target never falls to the platform.
    "hybrid, true, false, -, -, true, organization",
    "hybrid, false, false, -, -, true, organization",
    "api-keys, false, false, here, -, true, project",
    "credits, true, false, -, -, true, 402",
    "hybrid, false, false, moved, -, true, 502",
  })
  void one_rung_pays_or_the_call_is_refused(
      String mode,
      boolean platform,
      boolean header,
      String own,
      String shared,
      boolean owned,
      String expected) {
    String found =
        switch (pays(mode, platform, header, own, shared, owned)) {
          case Payer.Found payer -> payer.rung().word();
          case Payer.Refused(Refusal refusal) -> Integer.toString(refusal.status());
        };
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void a_refusal_says_what_to_do_and_no_address() {
    assertThat(refusal(pays("api-keys", true, false, "-", "-", false)).message())
        .contains("api-keys", "acme", "POST /api/credentials", "X-Provider-Auth");
    Refusal moved = refusal(pays("hybrid", true, false, "moved", "-", false));
    assertThat(moved.message()).contains("cred_prj_1", "store it again").doesNotContain("https");
    assertThat(moved.code()).isEqualTo("upstream_auth");
    Refusal quota = refusal(pays("hybrid", false, false, "-", "-", false));
    assertThat(quota.code()).isEqualTo("insufficient_quota");
    assertThat(quota.retryable()).isFalse();
  }

  @Test
  void what_is_configured_pays_for_whoever_owns_the_target() {
    assertThat(pays("hybrid", true, false, "-", "-", false))
        .isEqualTo(new Payer.Configured(Rung.PLATFORM));
    assertThat(pays("hybrid", true, false, "-", "-", true))
        .isEqualTo(new Payer.Configured(Rung.ORGANIZATION));
  }

  private static Refusal refusal(Payer payer) {
    return ((Payer.Refused) payer).refusal();
  }
}
