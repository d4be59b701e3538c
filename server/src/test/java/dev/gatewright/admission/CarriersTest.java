package dev.gatewright.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CarriersTest {
  @Test
  void every_carrier_carries() {
    assertThat(read(Map.of("authorization", List.of("Bearer k")))).isEqualTo("k");
    assertThat(read(Map.of("authorization", List.of("bearer  k ")))).isEqualTo("k");
    assertThat(read(Map.of("authorization", List.of("BEARER k")))).isEqualTo("k");
    assertThat(read(Map.of("authorization", List.of(basic("user:k"))))).isEqualTo("k");
    assertThat(read(Map.of("authorization", List.of(basic(":k"))))).isEqualTo("k");
    assertThat(read(Map.of("x-api-key", List.of("k")))).isEqualTo("k");
    assertThat(read(Map.of("api-key", List.of("k")))).isEqualTo("k");
    assertThat(read(Map.of("x-goog-api-key", List.of("k")))).isEqualTo("k");
    assertThat(read(Map.of("x-gatewright-path-key", List.of("k")))).isEqualTo("k");
    assertThat(read(Map.of("sec-websocket-protocol", List.of("a, gatewright.key.k", "b"))))
        .isEqualTo("k");
  }

  @Test
  void carriers_that_agree_are_one() {
    assertThat(
            read(
                Map.of(
                    "authorization", List.of("Bearer k"),
                    "x-api-key", List.of("k"),
                    "api-key", List.of("k"))))
        .isEqualTo("k");
  }

  @Test
  void what_disagrees_repeats_or_cannot_be_read_is_unusable() {
    assertThat(read(Map.of())).isEqualTo("!missing");
    assertThat(read(Map.of("authorization", List.of("Bearer a"), "x-api-key", List.of("b"))))
        .isEqualTo("!carriers_disagree");
    assertThat(read(Map.of("api-key", List.of("a"), "x-goog-api-key", List.of("b"))))
        .isEqualTo("!carriers_disagree");
    assertThat(read(Map.of("authorization", List.of("Bearer a"), "x-api-key", List.of(""))))
        .isEqualTo("!carriers_disagree");
    assertThat(read(Map.of("authorization", List.of("Bearer a", "Bearer a"))))
        .isEqualTo("!carrier_repeated");
    assertThat(read(Map.of("x-api-key", List.of("a", "a")))).isEqualTo("!carrier_repeated");
    assertThat(read(Map.of("sec-websocket-protocol", List.of("a, gatewright"))))
        .isEqualTo("!missing");
    assertThat(read(Map.of("sec-websocket-protocol", List.of("gatewright.key.k,gatewright.key.k"))))
        .isEqualTo("!carrier_repeated");
    assertThat(
            read(
                Map.of(
                    "x-api-key", List.of("a"),
                    "sec-websocket-protocol", List.of("gatewright.key.b"))))
        .isEqualTo("!carriers_disagree");
    for (String malformed :
        List.of("k", "Bearer", "Bearer ", "Digest k", "Bear k", "Basic k", basic("nocolon"), "")) {
      assertThat(read(Map.of("authorization", List.of(malformed))))
          .as(malformed)
          .isEqualTo("!carrier_malformed");
    }
  }

  @Test
  void a_credential_is_never_shown() {
    assertThat(new Carriers.Credential.Presented("k").toString()).isEqualTo("***");
  }

  private static String read(Map<String, List<String>> headers) {
    return switch (Carriers.read(name -> headers.getOrDefault(name, List.of()))) {
      case Carriers.Credential.Presented presented -> presented.text();
      case Carriers.Credential.Unusable unusable -> "!" + unusable.reason();
    };
  }

  private static String basic(String pair) {
    return "Basic "
        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1));
  }
}
