package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.call.tap.Streams;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.llm.RawCaller.Reply;
import dev.gatewright.llm.RawProvider.Seen;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What reaches the provider and what comes back, byte for byte, over real sockets.
class PassThroughTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ANSWER =
      "{ \"choices\":[{\"message\":{\"content\":\"hi\"}}], \"new_field\":1.50,"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n";

  private static LlmWorld world;

  @BeforeAll
  static void start() throws IOException {
    world = new LlmWorld();
  }

  @AfterAll
  static void stop() throws IOException {
    world.close();
  }

  @Test
  void passes_a_whole_answer_and_its_request_unchanged_but_for_the_alias() throws Exception {
    world.provider.answer((_, to) -> to.json(200, ANSWER));
    String body = "{ \"messages\":[], \"model\" : \"fast\",\"unknown\":{\"a\":[1.0]} }";
    Reply reply =
        world.post(
            CHAT + "?beta=true",
            world.live,
            body,
            "content-type: application/json",
            "user-agent: sdk/1",
            "openai-beta: x",
            "cookie: secret",
            "accept-encoding: gzip",
            "x-stainless-os: y");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo(ANSWER);
    assertThat(reply.header("x-gatewright-changed")).isEqualTo("model");
    assertThat(reply.header("x-gatewright-upstream-request-id")).isEqualTo("up_1");
    assertThat(reply.header("x-request-id")).startsWith("req_");
    assertThat(reply.header("set-cookie")).isEmpty();

    Seen seen = world.provider.take();
    assertThat(seen.head()).startsWith("POST /v1/chat/completions?beta=true HTTP/1.1\r\n");
    assertThat(seen.body()).isEqualTo(body.replace("\"fast\"", "\"gpt-4o-mini\""));
    assertThat(seen.header("authorization")).isEqualTo("Bearer sk-local");
    assertThat(seen.header("x-team")).isEqualTo("blue");
    assertThat(seen.header("user-agent")).isEqualTo("sdk/1");
    assertThat(seen.header("openai-beta")).isEqualTo("x");
    assertThat(seen.header("accept-encoding")).isEqualTo("identity");
    assertThat(seen.header("cookie") + seen.header("x-stainless-os")).isEmpty();

    Outcome outcome = world.attempts.last();
    assertThat(outcome.end()).isEqualTo(End.COMPLETED);
    assertThat(outcome.usage()).isEqualTo(new Usage(9, 1, 0, 0, 0, Source.PROVIDER));
    assertThat(outcome.responseBytes()).isEqualTo(ANSWER.length());
    Opening opening = world.attempts.openings().getLast();
    assertThat(opening.model()).isEqualTo("fast");
    assertThat(opening.target()).isEqualTo("local/gpt-4o-mini");
    assertThat(opening.test()).isFalse();
  }

  @Test
  void passes_a_body_that_needs_no_change_as_it_came() throws Exception {
    world.provider.answer((_, to) -> to.json(200, ANSWER));
    String body = "{\"model\":\"gpt-4o-mini\",\"x\":\"" + "é".repeat(200_000) + "\"}";
    Reply reply = world.post(CHAT, world.live, body.replace("gpt-4o-mini", "local/gpt-4o-mini"));
    assertThat(reply.header("x-gatewright-changed")).isEqualTo("model");
    assertThat(world.provider.take().body()).isEqualTo(body);
  }

  @Test
  void speaks_to_an_anthropic_provider_with_its_headers() throws Exception {
    String answer = "{\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";
    world.provider.answer((_, to) -> to.json(200, answer));
    Reply reply =
        world.post(
            "/v1/messages",
            world.live,
            "{\"model\":\"claude\",\"max_tokens\":5,\"messages\":[]}",
            "anthropic-version: 2023-06-01",
            "anthropic-beta: a",
            "anthropic-beta: b");
    assertThat(reply.text()).isEqualTo(answer);
    assertThat(reply.header("request-id")).isEqualTo(reply.header("x-request-id"));
    Seen seen = world.provider.take();
    assertThat(seen.head()).contains("anthropic-beta: a\r\n").contains("anthropic-beta: b\r\n");
    assertThat(seen.header("x-api-key")).isEqualTo("sk-claude");
    assertThat(seen.header("authorization")).isEmpty();
    assertThat(seen.header("anthropic-version")).isEqualTo("2023-06-01");
  }

  @Test
  void asks_for_usage_and_takes_its_chunk_out_again() throws Exception {
    world.provider.answer((_, to) ->
        to.stream()
            .chunk(Streams.CHAT + Streams.CHAT_USAGE.substring(0, 40))
            .chunk(Streams.CHAT_USAGE.substring(40) + Streams.CHAT_DONE)
            .end());
    Reply reply = world.post(CHAT, world.live, "{\"model\":\"fast\",\"stream\":true}");
    assertThat(reply.text()).isEqualTo(Streams.CHAT + Streams.CHAT_DONE);
    assertThat(reply.header("x-gatewright-changed"))
        .isEqualTo("model, stream_options.include_usage");
    assertThat(world.provider.take().body())
        .isEqualTo(
            "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    assertThat(world.attempts.last().usage())
        .isEqualTo(new Usage(19, 10, 4, 0, 3, Source.PROVIDER));
  }

  @Test
  void leaves_the_usage_chunk_to_a_caller_who_asked_for_it() throws Exception {
    String stream = Streams.CHAT + Streams.CHAT_USAGE + Streams.CHAT_DONE;
    world.provider.answer((_, to) -> to.stream().chunk(stream).end());
    String body =
        "{\"model\":\"fast\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
    assertThat(world.post(CHAT, world.live, body).text()).isEqualTo(stream);
    world.provider.take();
  }

  @Test
  void never_asks_where_the_provider_is_set_to_never() throws Exception {
    String stream = Streams.CHAT + Streams.CHAT_DONE;
    world.provider.answer((_, to) -> to.stream().chunk(stream).end());
    String body = "{\"model\":\"quiet\",\"stream\":true}";
    assertThat(world.post(CHAT, world.live, body).text()).isEqualTo(stream);
    assertThat(world.provider.take().body()).doesNotContain("include_usage");
    assertThat(world.attempts.last().usage().source()).isEqualTo(Source.COUNTED);
  }

  @Test
  void passes_half_an_event_in_the_turn_it_comes() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    world.provider.answer((_, to) -> {
      to.stream().chunk("data: {\"half\":");
      assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
      to.chunk("1}\n\n").end();
    });
    try (RawCaller caller = world.caller()) {
      caller.post("/v1/responses", world.live, "{\"model\":\"fast\",\"stream\":true}");
      assertThat(caller.head().status()).isEqualTo(200);
      assertThat(caller.chunk()).isEqualTo("data: {\"half\":");
      read.countDown();
      assertThat(caller.chunk()).isEqualTo("1}\n\n");
      assertThat(caller.chunk()).isEmpty();
    }
    world.provider.take();
  }

  @Test
  void sends_the_head_of_a_stream_before_its_first_event() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    world.provider.answer((_, to) -> {
      to.stream();
      assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
      to.chunk("data: {}\n\n").end();
    });
    try (RawCaller caller = world.caller()) {
      caller.post(CHAT, world.live, "{\"model\":\"fast\",\"stream\":true}");
      assertThat(caller.head().header("content-type")).isEqualTo("text/event-stream");
      read.countDown();
      assertThat(caller.chunk()).isEqualTo("data: {}\n\n");
    }
    world.provider.take();
  }

  @Test
  void resets_when_the_provider_cuts_an_event_of_which_a_part_has_left() throws Exception {
    world.provider.answer((_, to) -> {
      to.stream().chunk("data: {\"delta\":\"abcd\"}\n\ndata: {\"ha");
      to.cut();
    });
    try (RawCaller caller = world.caller()) {
      caller.post("/v1/responses", world.live, "{\"model\":\"fast\",\"stream\":true}");
      assertThat(caller.head().status()).isEqualTo(200);
      assertThatThrownBy(
              () -> {
                while (!caller.chunk().isEmpty()) {
                  // Reads on to the break.
                }
              })
          .isInstanceOf(IOException.class);
    }
    world.provider.take();
    assertThat(world.attempts.last().end()).isEqualTo(End.FAILED);
    assertThat(world.attempts.last().usage().source()).isEqualTo(Source.COUNTED);
    assertThat(world.attempts.last().usage().outputTokens()).isEqualTo(1);
  }

  @Test
  void ends_with_an_error_event_when_only_whole_events_have_left() throws Exception {
    world.provider.answer((_, to) -> {
      to.stream().chunk(Streams.CHAT + "data: {\"half\":");
      to.cut();
    });
    Reply reply = world.post(CHAT, world.live, "{\"model\":\"fast\",\"stream\":true}");
    assertThat(reply.text()).startsWith(Streams.CHAT + "data: {\"error\":{\"message\":");
    assertThat(reply.text()).contains("\"code\":\"upstream_error\"").endsWith("}\n\n");
    world.provider.take();
    world.provider.answer((_, to) -> {
      to.stream()
          .chunk(
              Streams.MESSAGES.substring(0, Streams.MESSAGES.indexOf("event: content_block_stop")));
      to.cut();
    });
    Reply messages =
        world.post("/v1/messages", world.live, "{\"model\":\"claude\",\"stream\":true}");
    assertThat(messages.text()).contains("event: error\ndata: {\"type\":\"error\"");
    world.provider.take();
  }

  @Test
  void shows_a_byte_to_the_caller_only_once_the_opening_is_durable() throws Exception {
    world.provider.answer((_, to) -> to.json(200, ANSWER));
    world.attempts.hold();
    try (RawCaller caller = world.caller()) {
      caller.post(CHAT, world.live, "{\"model\":\"fast\"}");
      world.provider.take();
      dev.gatewright.testbed.Await.until(() -> world.attempts.held() == 1);
      // What must not come within half a second is, all else given, not going to come.
      assertThat(caller.silentFor(500)).isTrue();
      world.attempts.release(null);
      assertThat(caller.reply().text()).isEqualTo(ANSWER);
    }
  }

  @Test
  void refuses_when_the_opening_cannot_be_recorded() throws Exception {
    world.provider.answer((_, to) -> to.json(200, ANSWER));
    world.attempts.hold();
    try (RawCaller caller = world.caller()) {
      caller.post(CHAT, world.live, "{\"model\":\"fast\"}");
      world.provider.take();
      dev.gatewright.testbed.Await.until(() -> world.attempts.held() == 1);
      world.attempts.release(new IOException("disk full"));
      Reply reply = caller.reply();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("retry-after")).isEqualTo("1");
    }
    world.attempts.accepting(false);
    assertThat(world.post(CHAT, world.live, "{\"model\":\"fast\"}").status()).isEqualTo(503);
    world.attempts.accepting(true);
  }

  @Test
  void a_caller_who_leaves_cancels_the_provider_and_is_counted() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    world.provider.answer((_, to) -> {
      to.stream()
          .chunk(Streams.MESSAGES.substring(0, Streams.MESSAGES.indexOf("event: message_delta")));
      if (to.left(10_000)) {
        cancelled.countDown();
      }
    });
    try (RawCaller caller = world.caller()) {
      caller.post("/v1/messages", world.live, "{\"model\":\"claude\",\"stream\":true}");
      caller.head();
      assertThat(caller.chunk()).isNotEmpty();
    }
    assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    Outcome outcome = world.attempts.last();
    assertThat(outcome.end()).isEqualTo(End.CANCELLED);
    assertThat(outcome.usage())
        .isEqualTo(new Usage(132, 2, 100, 7, 0, Source.PROVIDER, Source.COUNTED));
    world.provider.take();
  }

  @Test
  void a_caller_who_leaves_before_the_answer_cancels_too() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    world.provider.answer((_, to) -> {
      if (to.left(10_000)) {
        cancelled.countDown();
      }
    });
    String body = "{\"model\":\"fast\"}";
    try (RawCaller caller = world.caller()) {
      caller.post(CHAT, world.live, body);
      world.provider.take();
    }
    assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(world.attempts.last().usage())
        .isEqualTo(new Usage((body.length() + 3) / 4, 0, 0, 0, 0, Source.COUNTED));
  }

  @Test
  void a_revoked_key_ends_its_running_stream() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    world.provider.answer((_, to) -> {
      to.stream().chunk("data: {}\n\n");
      if (to.left(10_000)) {
        cancelled.countDown();
      }
    });
    var made = world.key(dev.gatewright.key.ApiKey.Kind.LIVE);
    try (RawCaller caller = world.caller()) {
      caller.post(CHAT, made.text().expose(), "{\"model\":\"fast\",\"stream\":true}");
      caller.head();
      assertThat(caller.chunk()).isEqualTo("data: {}\n\n");
      world.revoke(made);
      assertThat(caller.chunk()).startsWith("data: {\"error\":").contains("invalid_api_key");
      assertThat(caller.chunk()).isEmpty();
    }
    assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(world.attempts.last().end()).isEqualTo(End.CANCELLED);
    world.provider.take();
  }

  @Test
  void retries_once_on_a_fresh_connection_when_the_pooled_one_was_stale() throws Exception {
    world.provider.answer((_, to) -> {
      to.json(200, ANSWER);
      to.socket().close();
    });
    int before = world.attempts.count();
    String body = "{\"model\":\"fast\",\"x\":\"é\"}";
    for (int i = 0; i < 20; i++) {
      Reply reply = world.post(CHAT, world.live, body);
      assertThat(reply.status()).isEqualTo(200);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(world.provider.take().body()).isEqualTo(body.replace("fast", "gpt-4o-mini"));
    }
    for (Opening opening : world.attempts.openings().subList(before, world.attempts.count())) {
      assertThat(opening.ordinal()).isLessThan(2);
    }
  }

  @Test
  void keeps_the_bytes_of_a_compressed_answer() throws Exception {
    byte[] gzip = gzip(ANSWER);
    world.provider.answer((_, to) -> {
      to.send(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
              + "content-length: "
              + gzip.length
              + "\r\n\r\n");
      to.socket().getOutputStream().write(gzip);
    });
    try (RawCaller caller = world.caller()) {
      caller.post(CHAT, world.live, "{\"model\":\"fast\"}");
      RawCaller.Head head = caller.head();
      assertThat(head.header("content-encoding")).isEqualTo("gzip");
      assertThat(caller.bytes(gzip.length)).isEqualTo(gzip);
    }
    assertThat(world.attempts.last().usage().source()).isEqualTo(Source.PROVIDER);
    world.provider.take();
  }

  private static byte[] gzip(String text) throws IOException {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return out.toByteArray();
  }
}
