package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// One organization has its share of the streams and no more; calls have places of their own.
class EventLimitTest {
  /// One in a hundred of 512.
  private static final int SHARE = 5;

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup.settings(
              "trusted-proxies: [127.0.0.1]\nlimits: { shares: { event-streams: 1% } }\n"));

  @Test
  void an_organization_has_its_share_and_calls_go_on() throws Exception {
    TestPerson owner = TestPerson.owner(world.gate());
    String org = owner.organizationId();
    List<EventListener> open = new ArrayList<>();
    try {
      for (int i = 0; i < SHARE; i++) {
        TestPerson browser = TestPerson.signIn(world.gate(), owner.email());
        EventListener events = EventListener.open(world.gate(), browser, org, null);
        assertThat(events.answer().statusCode()).isEqualTo(200);
        open.add(events);
      }
      TestPerson more = TestPerson.signIn(world.gate(), owner.email());
      try (EventListener refused = EventListener.open(world.gate(), more, org, null)) {
        assertThat(refused.answer().statusCode()).isEqualTo(429);
        assertThat(refused.answer().headers().firstValue("retry-after")).isPresent();
      }
      assertThat(more.send("GET", "/api/keys", "").statusCode()).isEqualTo(200);
      assertThat(open).allMatch(EventListener::open);
    } finally {
      for (EventListener each : open) {
        each.close();
      }
    }
  }
}
