package dev.gatewright.event;

import dev.gatewright.account.SignedIn;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import java.util.List;
import java.util.Map;

/// REST of what happens, for people: described in `openapi/event.yaml`.
public final class EventApi {
  private static final String LAST_EVENT_ID = "last-event-id";

  private final Events events;

  public EventApi(Events events) {
    this.events = events;
  }

  /// Its route, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "event",
        List.of(
            ApiRoute.get("/api/events", Access.signedIn().byOwnPages(), this::listen)
                .query("organization")
                .streaming()));
  }

  /// GET /api/events?organization=
  private Answer listen(ApiCall call) {
    String organizationId = call.query().text("organization");
    if (organizationId == null) {
      throw Problem.wrong("organization", "missing (expected: org_…)");
    }
    List<String> last = call.headers(LAST_EVENT_ID);
    if (last.size() > 1) {
      throw Problem.invalid(LAST_EVENT_ID, "last-event-id: twice (expected: once)");
    }
    EventStream stream =
        events.open(
            call.caller(SignedIn.class), organizationId, last.isEmpty() ? null : last.getFirst());
    return Answer.streaming(EventFrames.CONTENT_TYPE, stream)
        .with(Map.of("cache-control", "no-store", "x-accel-buffering", "no"));
  }
}
