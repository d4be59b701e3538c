package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.testbed.EventListener.Heard;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams of events on two replicas with one PostgreSQL: what one is told of, the other tells, and
/// what ends a stream on one ends it on the other.
class EventReplicasTest {
  @TempDir Path folder;
  private FakeProvider provider;
  private PostgresAddress database;
  private String masterKey;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    database = TestPostgres.freshDatabase();
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    masterKey = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
  }

  private ChildGate replica(String name) throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(name));
    Secret password = database.password();
    String address =
        "postgresql://postgres:%s@%s/%s"
            .formatted(
                password == null ? "" : password.expose(), database.hosts(), database.database());
    return ChildGate.start(
        GateSetup.usual(own, provider)
            .settings("trusted-proxies: [127.0.0.1]\nsign-up: open\n")
            .environment("DATABASE_URL", address)
            .environment("GATEWRIGHT_MASTER_KEY", masterKey));
  }

  private static String makeKey(TestPerson owner, String name) throws Exception {
    return owner
        .call("POST", "/api/keys", "{\"name\":\"%s\"}".formatted(name), 201)
        .path("id")
        .asText();
  }

  @Test
  void what_ends_a_stream_on_one_replica_ends_it_on_the_other() throws Exception {
    try (ChildGate one = replica("one");
        ChildGate two = replica("two")) {
      TestPerson owner = TestPerson.owner(one);
      String org = owner.organizationId();
      TestPerson ana = EventsTest.member(one, owner, "ana@example.com", "\"role\":\"admin\"");
      TestPerson bo = EventsTest.member(one, owner, "bo@example.com", "\"role\":\"viewer\"");
      try (EventListener lowered = EventListener.open(two, ana, org, null);
          EventListener removed = EventListener.open(two, bo, org, null)) {
        owner.call("PATCH", "/api/team/members/" + ana.id(), "{\"role\":\"viewer\"}", 200);
        EventsTest.assertSoon(lowered, "access_changed");
        owner.send("DELETE", "/api/team/members/" + bo.id(), "");
        EventsTest.assertSoon(removed, "access_changed");
      }
      TestPerson cy = TestPerson.signIn(one, "cy@example.com");
      String theirs =
          cy.call("POST", "/api/organizations", "{\"name\":\"Cy\"}", 201).path("id").asText();
      try (EventListener first = EventListener.open(two, cy, theirs, null);
          EventListener second = EventListener.open(one, cy, theirs, null)) {
        EventsTest.assertSoon(first, "replaced");
        assertThat(second.open()).isTrue();
        one.admin().call("DELETE", "/api/organizations/" + theirs, "", 202);
        EventsTest.assertSoon(second, "access_changed");
      }
      try (EventListener closed = EventListener.open(two, cy, theirs, null)) {
        assertThat(closed.answer().statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void revoked_session_closes_stream_1s_both_replicas() throws Exception {
    try (ChildGate one = replica("one");
        ChildGate two = replica("two")) {
      TestPerson owner = TestPerson.owner(one);
      String org = owner.organizationId();
      TestPerson here = TestPerson.signIn(one, owner.email());
      TestPerson there = TestPerson.signIn(one, owner.email());
      try (EventListener near = EventListener.open(one, here, org, null);
          EventListener far = EventListener.open(two, there, org, null)) {
        long from = System.nanoTime();
        // From another browser, on the first replica.
        assertThat(owner.send("DELETE", "/api/auth/sessions", "").statusCode()).isEqualTo(204);
        for (EventListener each : List.of(near, far)) {
          assertThat(each.next("end").text("reason")).isEqualTo("session_ended");
          assertThat(Duration.ofNanos(each.ended() - from)).isLessThan(Duration.ofSeconds(1));
        }
      }
      try (EventListener again = EventListener.open(two, there, org, null)) {
        assertThat(again.answer().statusCode()).isEqualTo(401);
      }
    }
  }

  @Test
  void a_reader_that_wanders_between_replicas_hears_everything_once() throws Exception {
    try (ChildGate one = replica("one");
        ChildGate two = replica("two")) {
      TestPerson owner = TestPerson.owner(one);
      String org = owner.organizationId();
      List<String> made = new ArrayList<>();
      List<String> heard = new ArrayList<>();
      String last = null;
      for (int turn = 0; turn < 6; turn++) {
        try (EventListener events =
            EventListener.open(turn % 2 == 0 ? one : two, owner, org, last)) {
          made.add(makeKey(owner, "a" + turn));
          made.add(makeKey(owner, "b" + turn));
          // All but one: that is left for the other replica.
          while (heard.size() < made.size() - 1) {
            Heard key = events.next("key");
            heard.add(key.text("object"));
            last = key.id();
          }
        }
      }
      assertThat(heard).isEqualTo(made.subList(0, made.size() - 1));
    }
  }

  @Test
  void streams_hold_up_neither_other_calls_nor_the_end_of_the_process() throws Exception {
    try (ChildGate gate = replica("one")) {
      TestPerson owner = TestPerson.owner(gate);
      String org = owner.organizationId();
      // One reader that reads nothing, by a socket of its own.
      try (Socket asleep = new Socket(InetAddress.getLoopbackAddress(), gate.port())) {
        OutputStream out = asleep.getOutputStream();
        TestPerson sleeper = EventsTest.member(gate, owner, "zz@example.com", "\"role\":\"admin\"");
        String head =
            "GET /api/events?organization=%s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nsec-fetch-site: same-origin\r\ncookie: %s\r\n\r\n"
                .formatted(org, gate.port(), sleeper.cookie());
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        try (EventListener events = EventListener.open(gate, owner, org, null)) {
          for (int i = 0; i < 50; i++) {
            makeKey(owner, "k" + i);
          }
          for (int i = 0; i < 50; i++) {
            assertThat(events.next("key").type()).isEqualTo("key");
          }
          long from = System.nanoTime();
          gate.terminate();
          assertThat(events.next("end").text("reason")).isEqualTo("shutting_down");
          assertThat(gate.awaitExit()).isIn(0, 143);
          assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(20));
        }
      }
    }
  }
}
