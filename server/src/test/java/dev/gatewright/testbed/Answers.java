package dev.gatewright.testbed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// What a well-behaved provider answers, and the ways in which real ones misbehave.
public final class Answers {
  /// Answers each documented path in its own form, streamed where the request asks for it.
  static final Script STANDARD = Answers::standard;

  private Answers() {}

  private static void standard(SeenRequest request, Wire wire)
      throws IOException, InterruptedException {
    if (request.method().equals("POST")
        && "endless".equals(request.json().path("model").asText())) {
      endless(Duration.ofMillis(10)).answer(request, wire);
      return;
    }
    switch (request.path()) {
      case "/v1/chat/completions" -> OpenAiAnswers.chat(request, wire);
      case "/v1/responses" -> OpenAiAnswers.responses(request, wire);
      case "/v1/embeddings" -> OpenAiAnswers.embeddings(request, wire);
      case "/v1/images/generations" ->
          wire.json(200, OpenAiAnswers.IMAGE, "x-request-id: req_openai_1");
      case "/v1/messages" -> AnthropicAnswers.messages(request, wire);
      case "/v1/messages/count_tokens" -> wire.json(200, "{\"input_tokens\": 14}");
      default ->
          wire.json(
              404, "{\"error\":{\"message\":\"no such path\",\"type\":\"invalid_request_error\"}}");
    }
  }

  public static Script json(int status, String body, String... headers) {
    return (_, wire) -> wire.json(status, body, headers);
  }

  /// A whole answer of any type.
  static Script bytes(int status, String contentType, byte[] body, String... headers) {
    return (_, wire) -> wire.reply(status, contentType, body, headers);
  }

  /// An error page as a balancer in front of a provider writes it.
  static Script html(int status) {
    return bytes(
        status,
        "text/html",
        "<html><body><h1>%d Bad</h1></body></html>"
            .formatted(status)
            .getBytes(StandardCharsets.UTF_8));
  }

  /// Reads the request and never answers.
  static Script hang() {
    return (_, wire) -> wire.hang();
  }

  /// Waits before the head, then answers as usual.
  static Script slow(Duration before) {
    return (request, wire) -> {
      wire.pause(before);
      STANDARD.answer(request, wire);
    };
  }

  /// The request is read, then the connection is closed without a byte.
  static Script closeWithoutAnswer() {
    return (_, wire) -> wire.close();
  }

  static Script resetWithoutAnswer() {
    return (_, wire) -> wire.reset();
  }

  /// An answer whose announced length is not its length.
  ///
  /// @param announced the value of content-length
  static Script wrongLength(int announced, String body) {
    return (_, wire) -> {
      wire.head(200, "content-type: application/json", "content-length: " + announced);
      wire.raw(body);
      wire.close();
    };
  }

  /// Interim answers before the real one.
  static Script afterInterim(int... statuses) {
    return (request, wire) -> {
      for (int status : statuses) {
        wire.raw("HTTP/1.1 %d Interim\r\nlink: </a>; rel=preload\r\n\r\n".formatted(status));
      }
      STANDARD.answer(request, wire);
    };
  }

  /// A whole event stream, split into writes of `step` bytes, each its own chunk.
  static Script streamInSteps(String events, int step) {
    return (_, wire) -> {
      wire.streamHead();
      byte[] all = events.getBytes(StandardCharsets.UTF_8);
      for (int at = 0; at < all.length; at += step) {
        byte[] part = new byte[Math.min(step, all.length - at)];
        System.arraycopy(all, at, part, 0, part.length);
        wire.chunk(part);
      }
      wire.endChunks();
    };
  }

  /// Each text is one chunk; `gap` passes between them.
  static Script paced(List<String> chunks, Duration gap) {
    return (_, wire) -> {
      wire.streamHead();
      for (String chunk : chunks) {
        wire.chunk(chunk);
        wire.pause(gap);
      }
      wire.endChunks();
    };
  }

  /// A stream that stops after `events` without its terminal chunk.
  ///
  /// @param hard a reset instead of a FIN
  static Script cutStream(String events, boolean hard) {
    return (_, wire) -> {
      wire.streamHead();
      wire.chunk(events);
      wire.pause(Duration.ofMillis(50));
      if (hard) {
        wire.reset();
      } else {
        wire.close();
      }
    };
  }

  /// An answer of `bytes` bytes with its length, as fast as it is taken.
  static Script huge(long bytes) {
    return (_, wire) -> {
      wire.head(200, "content-type: application/json", "content-length: " + bytes);
      byte[] block = new byte[64 * 1024];
      java.util.Arrays.fill(block, (byte) 'a');
      for (long left = bytes; left > 0; left -= block.length) {
        wire.raw(left >= block.length ? block : java.util.Arrays.copyOf(block, (int) left));
      }
    };
  }

  /// An endless stream of chat events, `gap` apart; zero = as fast as they are taken.
  static Script endless(Duration gap) {
    return (_, wire) -> {
      wire.streamHead();
      for (long n = 0; ; n++) {
        wire.chunk(OpenAiAnswers.delta("word " + n));
        if (!gap.isZero()) {
          wire.pause(gap);
        }
      }
    };
  }

  static byte[] gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
