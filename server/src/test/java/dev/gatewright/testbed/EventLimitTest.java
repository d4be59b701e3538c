package dev.gatewright.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
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
  void people_and_organizations_have_their_share_and_calls_go_on() throws Exception {
    TestPerson owner = TestPerson.owner(world.gate());
    TestPerson ana =
        EventsTest.member(world.gate(), owner, "ana@example.com", "\"role\":\"admin\"");
    String org = owner.organizationId();
    List<EventListener> open = new ArrayList<>();
    try {
      // A person has half of it, rounded up, however many sessions; the rest is for others.
      for (int i = 0; i < SHARE; i++) {
        boolean owners = i <= SHARE / 2;
        if (i == SHARE / 2 + 1) {
          refused(TestPerson.signIn(world.gate(), owner.email()), org, "you may have at once");
        }
        TestPerson browser = TestPerson.signIn(world.gate(), owners ? owner.email() : ana.email());
        EventListener events = EventListener.open(world.gate(), browser, org, null);
        assertThat(events.answer().statusCode()).isEqualTo(200);
        open.add(events);
      }
      TestPerson more = TestPerson.signIn(world.gate(), ana.email());
      refused(more, org, "");
      assertThat(more.send("GET", "/api/keys", "").statusCode()).isEqualTo(200);
      assertThat(open).allMatch(EventListener::open);
    } finally {
      for (EventListener each : open) {
        each.close();
      }
    }
  }

  private static void refused(TestPerson person, String org, String word) throws Exception {
    try (EventListener refused = EventListener.open(world.gate(), person, org, null)) {
      assertThat(refused.answer().statusCode()).isEqualTo(429);
      assertThat(refused.answer().headers().firstValue("retry-after")).isPresent();
      assertThat(new String(refused.answer().body().readAllBytes(), UTF_8)).contains(word);
    }
  }
}
