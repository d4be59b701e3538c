package dev.gatewright.call.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageCostTest {
  private static String into(String event) {
    return new String(UsageCost.into(event.getBytes(UTF_8), "0.5"), UTF_8);
  }

  @Test
  void cost_standsAtTheEndOfTheUsage_andAllElseStays() {
    assertThat(into("data: {\"usage\":{\"a\":1} ,\"z\":\"é\"}\n\n"))
        .isEqualTo("data: {\"usage\":{\"a\":1,\"cost\":\"0.5\"} ,\"z\":\"é\"}\n\n");
    assertThat(into(": c\r\nevent: x\r\ndata:{\"usage\":{}}\r\n\r\n"))
        .isEqualTo(": c\r\nevent: x\r\ndata:{\"usage\":{\"cost\":\"0.5\"}}\r\n\r\n");
    assertThat(into("data: {\"response\":{\"usage\":{\"b\":{\"c\":{}}}}}\n\n"))
        .isEqualTo("data: {\"response\":{\"usage\":{\"b\":{\"c\":{}},\"cost\":\"0.5\"}}}\n\n");
  }

  @Test
  void cost_takesThePlaceOfTheProvidersOwn() {
    for (String theirs : new String[] {"0.01", "null", "\"1\"", "{\"total\":[1,{}]}"}) {
      assertThat(into("data: {\"usage\":{\"cost\":" + theirs + ",\"a\":1}}\n\n"))
          .isEqualTo("data: {\"usage\":{\"cost\":\"0.5\",\"a\":1}}\n\n");
    }
  }

  @Test
  void event_withoutAUsage_orOnSeveralLines_staysAsItCame() {
    for (String event :
        new String[] {
          "data: {\"usage\":null}\n\n",
          "data: {\"usage\":7}\n\n",
          "data: {\"message\":{\"usage\":{\"a\":1}}}\n\n",
          "data: {\"usage\":\ndata: {}}\n\n",
          "data: [DONE]\n\n",
          "event: ping\n\n",
          "data: {\"usage\":{\"a\":1",
        }) {
      assertThat(into(event)).isEqualTo(event);
    }
  }
}
