package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.call.tap.ErrorText;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A provider's 4xx or 5xx. A JSON object passes as it came; of anything else (a list, text, a web
/// page, nothing) status and words are kept and put into the caller's dialect. Only a refusal of
/// the gate's own credential is told as 502. Confined to the call's event loop.
final class ErrorAnswer implements Answer {
  /// A validator may quote the whole input back.
  private static final int BODY_BYTES_MAX = 1024 * 1024;

  private final Exchange exchange;
  private final Dialect dialect;
  private final String provider;
  private final int status;
  private final HttpHeaders headers;
  private final ErrorText text;
  private @Nullable ByteBuf body = ByteBufAllocator.DEFAULT.buffer();
  private boolean tooLong;

  /// @param headers for the caller
  ErrorAnswer(
      Exchange exchange, Dialect dialect, String provider, int status, HttpHeaders headers) {
    this.exchange = exchange;
    this.dialect = dialect;
    this.provider = provider;
    this.status = status;
    this.headers = headers;
    this.text = new ErrorText(headers);
  }

  @Override
  public void data(ByteBuf part) {
    ByteBuf holding = body;
    if (holding != null && !tooLong) {
      byte[] bytes = new byte[part.readableBytes()];
      part.readBytes(bytes);
      text.feed(bytes, 0, bytes.length);
      tooLong = holding.readableBytes() + bytes.length > BODY_BYTES_MAX;
      if (!tooLong) {
        holding.writeBytes(bytes);
      }
    }
    part.release();
  }

  @Override
  public void readComplete() {}

  @Override
  public void end() {
    text.finish();
    ByteBuf whole = body;
    if (status == 403 && !text.refusesContent()) {
      release();
      LlmReply.refuse(exchange, dialect, ProviderFailure.credential(provider, "answered 403"));
    } else if (whole != null && passes()) {
      body = null;
      exchange.access().reason("provider_" + status);
      label();
      exchange.head(status, headers, whole.skipBytes(text.markBytes()).readableBytes());
      exchange.write(whole);
    } else {
      release();
      refuse(ProviderFailure.of(status, words()));
    }
  }

  private boolean passes() {
    return !tooLong && (text.unread() ? saysJson() : text.isObject());
  }

  private boolean saysJson() {
    return headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT).contains("json");
  }

  /// Under whatever name an object comes, the caller is told what it is.
  private void label() {
    if (!saysJson()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    }
  }

  private String words() {
    String said = text.words();
    String answered = "The provider `%s` answered %d".formatted(provider, status);
    if (text.unread()) {
      return answered
          + " in an encoding that is not read here (content-encoding: %s)."
              .formatted(headers.get(HttpHeaderNames.CONTENT_ENCODING));
    }
    return said.isEmpty() ? answered + " without a word." : answered + ": " + said;
  }

  private void refuse(Refusal refusal) {
    HttpHeaders told = EdgeReply.headers(refusal);
    headers.forEach(header -> {
      if (!header.getKey().toLowerCase(Locale.ROOT).startsWith("content-")) {
        told.set(header.getKey(), header.getValue());
      }
    });
    LlmReply.refuse(exchange, dialect, refusal, told);
  }

  @Override
  public void broken(Refusal refusal) {
    release();
    LlmReply.refuse(exchange, dialect, refusal);
  }

  @Override
  public void release() {
    text.finish();
    if (body != null) {
      body.release();
      body = null;
    }
  }

  @Override
  public boolean begun() {
    return true;
  }

  @Override
  public Ending ending() {
    return Ending.COMPLETE;
  }

  @Override
  public Usage usage() {
    return Usage.NOTHING;
  }

  @Override
  public long outputTokens() {
    return 0;
  }
}
