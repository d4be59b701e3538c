package dev.gatewright.service.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.edge.AnthropicError;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonBytes;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.StreamKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How an error of our own reads to the clients of a service. Stateless.
public enum ErrorForm {
  /// `{"error":{…}}`, as OpenAI's clients read it too.
  PLAIN {
    @Override
    byte[] body(Refusal refusal, String requestId) {
      return EdgeReply.plain(refusal, requestId);
    }
  },
  /// `{"error":"text"}`, of a 403 with `help` beside it.
  OLLAMA {
    @Override
    byte[] body(Refusal refusal, String requestId) {
      return new JsonBytes(256)
          .raw("{\"error\":")
          .string(refusal.message())
          .optional(",\"help\":", refusal.help())
          .raw("}")
          .toArray();
    }
  },
  ANTHROPIC {
    @Override
    byte[] body(Refusal refusal, String requestId) {
      return AnthropicError.body(refusal, requestId);
    }
  };

  private static final String MESSAGES = "/v1/messages";

  /// Ollama's own paths have its own form; the OpenAI and Anthropic faces that many backends have
  /// are met by those clients. What stands behind `http`, nobody knows.
  public static ErrorForm of(Preset preset, String backendPath) {
    boolean messages = backendPath.equals(MESSAGES) || backendPath.startsWith(MESSAGES + "/");
    if (messages && !preset.id().equals("http")) {
      return ANTHROPIC;
    }
    return preset.id().equals("ollama") && !backendPath.startsWith("/v1/") ? OLLAMA : PLAIN;
  }

  /// JSON in UTF-8.
  abstract byte[] body(Refusal refusal, String requestId);

  /// Answers with a refusal, and notes its code in the access log unless a better reason stands
  /// there already.
  public void refuse(Exchange exchange, Refusal refusal) {
    refuse(exchange, refusal, EdgeReply.headers(refusal));
  }

  public void refuse(Exchange exchange, Refusal refusal, HttpHeaders headers) {
    refuse(exchange, refusal, headers, body(refusal, exchange.request().id()));
  }

  /// The same with one more member beside the form's own.
  ///
  /// @param json its value, ASCII
  public void refuse(Exchange exchange, Refusal refusal, String member, String json) {
    byte[] body = body(refusal, exchange.request().id());
    byte[] more = ",\"%s\":%s}".formatted(member, json).getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(body, body.length - 1 + more.length);
    System.arraycopy(more, 0, all, body.length - 1, more.length);
    refuse(exchange, refusal, EdgeReply.headers(refusal), all);
  }

  private void refuse(Exchange exchange, Refusal refusal, HttpHeaders headers, byte[] body) {
    if (exchange.access().reason() == null) {
      exchange.access().reason(refusal.code());
    }
    if (this == ANTHROPIC) {
      headers.set("request-id", exchange.request().id());
    }
    exchange.reply(refusal.status(), headers, Unpooled.wrappedBuffer(body));
  }

  /// What ends a stream that cannot go on, to be written after a whole line or event; null where
  /// the stream has no place for it.
  @Nullable ByteBuf lastWords(StreamKind kind, Refusal refusal, String requestId) {
    byte[] body = body(refusal, requestId);
    return switch (kind) {
      case NDJSON -> Unpooled.wrappedBuffer(body, new byte[] {'\n'});
      case SSE -> {
        String before = this == ANTHROPIC ? "event: error\ndata: " : "data: ";
        yield Unpooled.wrappedBuffer(before.getBytes(UTF_8), body, "\n\n".getBytes(UTF_8));
      }
      case AUDIO, NONE -> null;
    };
  }
}
