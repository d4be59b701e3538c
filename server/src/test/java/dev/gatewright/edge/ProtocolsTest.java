package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.ProtocolWorld.Caller;
import dev.gatewright.edge.ProtocolWorld.Spoken;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the edge does is the same in each protocol it speaks.
class ProtocolsTest {
  @TempDir Path folder;

  private static byte[] bytes(int length) {
    return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
  }

  private static void write(Exchange exchange, String text) {
    exchange.write(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    exchange.flush();
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void answers_whole(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("GET", "/echo?a=1", 0);
      Answer answer = caller.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("GET /echo?a=1 ");
      assertThat(answer.header("content-length")).isEqualTo("14");
      assertThat(answer.header("x-request-id")).startsWith("req_");
      assertThat(answer.header("date")).endsWith("GMT");
      caller.ask("POST", "/echo", 60_000);
      caller.body(bytes(60_000), true);
      assertThat(caller.answer().body()).hasSize(11 + 60_000);
      caller.ask("POST", "/echo", -1);
      caller.body(bytes(10), true);
      assertThat(caller.answer().body()).isEqualTo("POST /echo xxxxxxxxxx");
      caller.ask("HEAD", "/echo", 0);
      answer = caller.answer();
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("content-length")).isEqualTo("11");
      caller.ask("GET", "/empty", 0);
      assertThat(caller.answer().status()).isEqualTo(204);
      caller.ask("GET", "/nowhere", 0);
      assertThat(caller.answer().status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void passes_each_part_on_as_it_is_written(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("GET", "/open", 0);
      assertThat(caller.head()).isEqualTo(200);
      Await.until(() -> !world.open.isEmpty());
      Exchange exchange = world.open.getFirst();
      for (int i = 0; i < 20; i++) {
        String part = "part " + i;
        ProtocolWorld.on(exchange, it -> write(it, part));
        assertThat(ProtocolWorld.text(caller.next())).isEqualTo(part);
      }
      ProtocolWorld.on(exchange, Exchange::finish);
      assertThat(caller.next()).isEmpty();
      assertThat(world.ended).containsExactly(Exchange.Ended.FINISHED);
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void an_upload_waits_while_nobody_takes_it(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("POST", "/upload", 60_000, "x-pause", "1");
      caller.body(bytes(60_000), true);
      Await.until(() -> world.bytesIn.getOrDefault("upload", 0) > 0);
      int first = world.bytesIn.getOrDefault("upload", 0);
      assertThat(first).isLessThan(60_000);
      Exchange exchange = world.open.getFirst();
      for (int i = 0; i < 200 && world.bytesIn.getOrDefault("upload", 0) < 60_000; i++) {
        ProtocolWorld.on(exchange, Exchange::resumeBody);
      }
      Await.until(() -> {
        ProtocolWorld.on(exchange, Exchange::resumeBody);
        return world.bytesIn.getOrDefault("upload", 0) == 60_000;
      });
      ProtocolWorld.on(exchange, Exchange::resumeBody);
      assertThat(caller.answer().body()).isEqualTo("60000 bytes");
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void a_caller_who_leaves_is_gone_at_once(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("GET", "/open", 0);
      caller.head();
      caller.leave();
      Await.until(() -> world.ended.equals(List.of(Exchange.Ended.GONE)));
      try (Caller uploads = world.caller()) {
        uploads.ask("POST", "/upload", 1000);
        uploads.body(bytes(10), false);
        Await.until(() -> world.bytesIn.getOrDefault("upload", 0) == 10);
        uploads.leave();
        Await.until(() -> world.ended.size() == 2);
      }
      assertThat(world.edge().server().drain().running()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void a_slow_reader_holds_the_writer_and_is_not_kept(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("GET", "/open", 0);
      caller.head();
      Await.until(() -> !world.open.isEmpty());
      int[] written = new int[1];
      ProtocolWorld.on(
          world.open.getFirst(),
          exchange -> {
            while (exchange.isWritable() && written[0] < (64 << 20)) {
              exchange.write(Unpooled.wrappedBuffer(new byte[8 << 10]));
              exchange.flush();
              written[0] += 8 << 10;
            }
          });
      assertThat(written[0]).isLessThan(64 << 20);
      Await.until(() -> world.ended.equals(List.of(Exchange.Ended.GONE)));
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void an_answer_that_is_cut_does_not_look_whole(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("GET", "/open", 0);
      caller.head();
      Await.until(() -> !world.open.isEmpty());
      ProtocolWorld.on(world.open.getFirst(), exchange -> write(exchange, "half"));
      assertThat(ProtocolWorld.text(caller.next())).isEqualTo("half");
      ProtocolWorld.on(world.open.getFirst(), exchange -> exchange.reset("broken"));
      assertThat(caller.next()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void refuses_the_same_in_the_same_words(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder)) {
      assertThat(refused(world, "GET", "/a/../b")).isEqualTo("400 The path holds a dot segment.");
      assertThat(refused(world, "GET", "/a%2fb")).startsWith("400 The path holds an encoded slash");
      assertThat(refused(world, "GET", "/a//b")).startsWith("400 The path holds two slashes");
      assertThat(refused(world, "GET", "/a#b"))
          .startsWith("400 The request target holds a fragment");
      assertThat(refused(world, "GET", "/echo", "x_api_key", "1"))
          .startsWith("400 A header's name with '_'");
      assertThat(refused(world, "GET", "/echo", "expect", "miracles")).startsWith("417 ");
      assertThat(refused(world, "X".repeat(33), "/echo")).startsWith("400 The method");
      String[] many = new String[2 * 130];
      for (int i = 0; i < many.length; i += 2) {
        many[i] = "x-h" + i;
        many[i + 1] = "1";
      }
      assertThat(refused(world, "GET", "/echo", many)).startsWith("431 ");
      try (Caller caller = world.caller()) {
        caller.ask("POST", "/small", 1001);
        Answer answer = caller.answer();
        assertThat(answer.status()).isEqualTo(413);
      }
      try (Caller caller = world.caller()) {
        caller.ask("POST", "/small", -1);
        caller.body(bytes(1001), false);
        assertThat(caller.answer().status()).isEqualTo(413);
      }
      try (Caller caller = world.caller()) {
        caller.ask("POST", "/upload", 1001);
        caller.body(bytes(1), false);
        Answer answer = caller.answer();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.body()).contains("came too slowly");
      }
    }
  }

  private static String refused(ProtocolWorld world, String method, String path, String... more) {
    try (Caller caller = world.caller()) {
      caller.ask(method, path, 0, more);
      Answer answer = caller.answer();
      return answer.status()
          + " "
          + answer.body().replaceFirst(".*\"message\":\"([^\"]*)\".*", "$1");
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void nobody_outside_sets_our_own_headers(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("GET", "/headers", 0, "x-gatewright-client", "1", "x-ok", "yes", "cookie", "a=1");
      String seen = caller.answer().body().toLowerCase(Locale.ROOT);
      assertThat(seen).contains("x-ok=yes\n", "cookie=a=1\n", "host=localhost\n");
      assertThat(seen).doesNotContain("x-gatewright-client");
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void six_hundred_at_once_and_all_of_them_leave(Spoken spoken) {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder)) {
      int connections = world.http2() ? 5 : 150;
      int each = world.http2() ? 120 : 1;
      List<AutoCloseable> callers = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        if (world.http2()) {
          FrameClient frames = FrameClient.on(world.raw());
          for (int stream = 0; stream < each; stream++) {
            frames.ask(true, "GET", "/open");
          }
          callers.add(frames);
        } else {
          Caller caller = world.caller();
          caller.ask("GET", "/open", 0);
          callers.add(caller);
        }
      }
      Await.until(() -> world.open.size() == connections * each);
      assertThat(world.edge().server().drain().running())
          .isEqualTo(Math.multiplyExact(connections, each));
      ProtocolWorld.on(world.open.getLast(), exchange -> write(exchange, "still served"));
      callers.forEach(caller -> {
        try {
          caller.close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      });
      Await.until(() -> world.edge().server().drain().running() == 0);
      assertThat(world.ended).hasSize(connections * each).containsOnly(Exchange.Ended.GONE);
    }
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void who_drains_says_so_and_finishes_what_runs(Spoken spoken) throws Exception {
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder);
        Caller caller = world.caller()) {
      caller.ask("GET", "/open", 0);
      caller.head();
      Await.until(() -> !world.open.isEmpty());
      Drain drain = world.edge().server().drain();
      drain.announce();
      try (Caller late = world.caller()) {
        late.ask("GET", "/echo", 0);
        assertThat(late.answer().status()).isEqualTo(200);
      }
      drain.begin();
      try (Caller late = world.caller()) {
        late.ask("GET", "/echo", 0);
        assertThat(late.answer().status()).isEqualTo(503);
      }
      ProtocolWorld.on(
          world.open.getFirst(),
          exchange -> {
            write(exchange, "whole");
            exchange.finish();
          });
      assertThat(ProtocolWorld.text(caller.next())).isEqualTo("whole");
      assertThat(drain.awaitIdle(Duration.ofSeconds(5))).isTrue();
      assertThat(world.ended).containsExactly(Exchange.Ended.FINISHED);
      Await.until(() -> world.edge().server().connections() == 0);
    }
  }
}
