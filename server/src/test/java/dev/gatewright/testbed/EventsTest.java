package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.testbed.EventListener.Heard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What happens is told to the people who may see it, while they may, once each.
class EventsTest {
  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) -> setup.settings("trusted-proxies: [127.0.0.1]\nsign-up: open\n"));

  private static TestPerson owner;
  private static String org;

  @BeforeAll
  static void claim() throws Exception {
    owner = TestPerson.owner(world.gate());
    org = owner.organizationId();
  }

  private static EventListener listen(TestPerson person) throws Exception {
    return EventListener.open(world.gate(), person, org, null);
  }

  private static String makeKey(String name) throws Exception {
    return owner
        .call("POST", "/api/keys", "{\"name\":\"%s\"}".formatted(name), 201)
        .path("id")
        .asText();
  }

  /// Somebody who belongs to the owner's organization.
  static TestPerson member(Gate gate, TestPerson owner, String email, String more)
      throws Exception {
    JsonNode made =
        owner.call(
            "POST", "/api/team/invitations", "{\"email\":\"%s\",%s}".formatted(email, more), 201);
    String link = made.path("link").asText();
    TestPerson person = TestPerson.signIn(gate, email);
    person.call(
        "POST",
        "/api/team/invitations/accept",
        "{\"token\":\"%s\"}".formatted(link.substring(link.indexOf('#') + 1)),
        200);
    return person;
  }

  private static void chat() throws Exception {
    try (RawClient caller = world.caller()) {
      String body = "{\"model\":\"fast\",\"messages\":[]}";
      assertThat(caller.post("/v1/chat/completions", world.key(), body).answer().status())
          .isEqualTo(200);
    }
  }

  @Test
  void tells_the_owner_of_keys_requests_and_the_audit_chain() throws Exception {
    try (EventListener events = listen(owner)) {
      assertThat(events.answer().headers().firstValue("content-type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      assertThat(events.answer().headers().firstValue("x-accel-buffering")).hasValue("no");
      assertThat(events.answer().headers().firstValue("cache-control")).hasValue("no-store");
      String id = makeKey("told");
      Heard key = events.next();
      assertThat(key.type()).isEqualTo("key");
      assertThat(key.text("object")).isEqualTo(id);
      assertThat(key.text("action")).isEqualTo("create");
      assertThat(key.text("project_id")).startsWith("prj_");
      assertThat(key.data().toString()).doesNotContain("told");
      Heard entry = events.next();
      assertThat(entry.type()).isEqualTo("audit");
      assertThat(entry.text("action")).isEqualTo("key.create");
      chat();
      Heard request = events.next("request");
      assertThat(request.text("object")).startsWith("att_");
      assertThat(request.text("request_id")).startsWith("req_");
      assertThat(request.text("action")).isEqualTo("completed");
    }
  }

  @Test
  void a_reader_who_comes_back_hears_what_it_missed_once() throws Exception {
    List<String> made = new ArrayList<>();
    List<String> heard = new ArrayList<>();
    String last;
    try (EventListener events = listen(owner)) {
      for (int i = 0; i < 4; i++) {
        made.add(makeKey("k" + i));
      }
      heard.add(events.next("key").text("object"));
      Heard middle = events.next("key");
      heard.add(middle.text("object"));
      last = middle.id();
    }
    for (int i = 4; i < 8; i++) {
      made.add(makeKey("k" + i));
    }
    try (EventListener events = EventListener.open(world.gate(), owner, org, last)) {
      made.add(makeKey("k8"));
      while (heard.size() < made.size()) {
        heard.add(events.next("key").text("object"));
      }
      assertThat(heard).isEqualTo(made);
      assertThat(events.within(1_000)).noneMatch(more -> more.type().equals("key"));
    }
  }

  @Test
  void an_id_of_another_organization_or_of_nobody_tells_nothing() throws Exception {
    TestPerson other = TestPerson.signIn(world.gate(), "other@example.com");
    String theirs =
        other.call("POST", "/api/organizations", "{\"name\":\"Theirs\"}", 201).path("id").asText();
    String last;
    try (EventListener events = EventListener.open(world.gate(), other, theirs, null)) {
      other.call("POST", "/api/projects", "{\"name\":\"p\"}", 201);
      last = events.next("project").id();
    }
    for (String id : List.of(last, "x", last.substring(1), "A".repeat(3_000))) {
      try (EventListener events = EventListener.open(world.gate(), owner, org, id)) {
        Heard first = events.next();
        assertThat(first.type()).as(id).isEqualTo("resync");
        assertThat(first.text("reason")).isEqualTo("unknown_id");
        String key = makeKey("after");
        assertThat(events.next().text("object")).isEqualTo(key);
      }
    }
    try (EventListener foreign = EventListener.open(world.gate(), other, org, last);
        EventListener nobody = EventListener.open(world.gate(), other, "org_0", last)) {
      assertThat(foreign.answer().statusCode()).isEqualTo(404);
      assertThat(body(foreign)).isEqualTo(body(nobody));
    }
  }

  private static String body(EventListener answered) throws Exception {
    return new String(answered.answer().body().readAllBytes(), StandardCharsets.UTF_8)
        .replaceAll("req_[0-9a-f-]+", "req");
  }

  @Test
  void keys_strangers_and_pages_of_others_are_refused() throws Exception {
    String path = "/api/events?organization=" + org;
    TestPerson stranger = TestPerson.stranger(world.gate());
    assertThat(stranger.send("GET", path, "").statusCode()).isEqualTo(401);
    assertThat(world.gate().admin().send("GET", path, "").statusCode()).isEqualTo(401);
    assertThat(
            stranger.send("GET", path, "", "authorization", "Bearer " + world.key()).statusCode())
        .isEqualTo(401);
    for (String site : List.of("same-site", "cross-site", "none", "")) {
      assertThat(owner.send("GET", path, "", "sec-fetch-site", site).statusCode())
          .as(site)
          .isEqualTo(403);
    }
    assertThat(owner.send("GET", "/api/events", "").statusCode()).isEqualTo(422);
    assertThat(owner.send("GET", path + "&topics=key", "").statusCode()).isEqualTo(422);
  }

  @Test
  void a_sessions_second_stream_ends_its_first() throws Exception {
    try (EventListener first = listen(owner);
        EventListener second = listen(owner)) {
      assertThat(first.next("end").text("reason")).isEqualTo("replaced");
      long _ = first.ended();
      String id = makeKey("second");
      assertThat(second.next("key").text("object")).isEqualTo(id);
      assertThat(second.open()).isTrue();
    }
  }

  @Test
  void each_role_hears_what_it_may_see() throws Exception {
    JsonNode project = owner.call("POST", "/api/projects", "{\"name\":\"granted\"}", 201);
    String granted = project.path("id").asText();
    TestPerson developer =
        member(
            world.gate(),
            owner,
            "dev@example.com",
            "\"role\":\"developer\",\"projects\":[\"" + granted + "\"]");
    TestPerson billing = member(world.gate(), owner, "bill@example.com", "\"role\":\"billing\"");
    TestPerson viewer = member(world.gate(), owner, "view@example.com", "\"role\":\"viewer\"");
    try (EventListener ofDeveloper = listen(developer);
        EventListener ofBilling = listen(billing);
        EventListener ofViewer = listen(viewer)) {
      // A stream may begin with what happened just before it: how these three came to be here.
      ofDeveloper.within(1_500);
      makeKey("owners");
      chat();
      String own =
          developer
              .call(
                  "POST",
                  "/api/keys",
                  "{\"name\":\"mine\",\"project_id\":\"%s\"}".formatted(granted),
                  201)
              .path("id")
              .asText();
      Heard usage = ofBilling.next("usage");
      assertThat(usage.data().has("object")).isFalse();
      assertThat(usage.data().has("project_id")).isFalse();
      List<Heard> developers = ofDeveloper.within(2_000);
      assertThat(developers).extracting(Heard::type).containsExactly("key", "audit");
      assertThat(developers).allMatch(each -> each.text("object").equals(own));
      assertThat(ofViewer.within(500))
          .extracting(Heard::type)
          .contains("key", "usage")
          .doesNotContain("request", "audit");
      assertThat(ofBilling.within(10)).noneMatch(each -> !each.type().equals("usage"));
    }
  }

  @Test
  void another_role_or_none_ends_the_stream_within_a_second() throws Exception {
    TestPerson admin = member(world.gate(), owner, "adm@example.com", "\"role\":\"admin\"");
    String path = "/api/team/members/" + admin.id();
    try (EventListener events = listen(admin)) {
      owner.call("PATCH", path, "{\"role\":\"viewer\"}", 200);
      assertSoon(events, "access_changed");
    }
    try (EventListener events = listen(admin)) {
      assertThat(events.within(700)).noneMatch(each -> each.type().equals("end"));
      owner.send("DELETE", path, "");
      assertSoon(events, "access_changed");
    }
    try (EventListener events = listen(admin)) {
      assertThat(events.answer().statusCode()).isEqualTo(404);
    }
  }

  @Test
  void signing_out_ends_the_stream_within_a_second() throws Exception {
    TestPerson person = member(world.gate(), owner, "out@example.com", "\"role\":\"viewer\"");
    try (EventListener events = listen(person)) {
      String cookie = person.cookie();
      assertThat(person.send("DELETE", "/api/auth/session", "").statusCode()).isEqualTo(204);
      assertSoon(events, "session_ended");
      assertThat(
              person
                  .send("GET", "/api/events?organization=" + org, "", "cookie", cookie)
                  .statusCode())
          .isEqualTo(401);
    }
  }

  static void assertSoon(EventListener events, String reason) throws Exception {
    long from = System.nanoTime();
    assertThat(events.next("end").text("reason")).isEqualTo(reason);
    assertThat(Duration.ofNanos(events.ended() - from)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void ids_are_never_twice_the_same() throws Exception {
    try (EventListener events = listen(owner)) {
      for (int i = 0; i < 5; i++) {
        makeKey("n" + i);
      }
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        ids.add(events.next().id());
      }
      assertThat(new HashSet<>(ids)).hasSize(10);
    }
  }
}
