package dev.gatewright.llm.provider;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatewright.call.BlindTap;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Tap;
import dev.gatewright.call.tap.ErrorText;
import dev.gatewright.credential.Payer;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.LlmReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A provider's 4xx or 5xx. A JSON object passes as it came; of anything else (a list, text, a web
/// page, nothing) status and words are kept and put into the caller's dialect. Only a refusal of a
/// credential that the caller did not bring along is told as 502. Confined to the call's event
/// loop.
public final class ErrorAnswer implements Sink {
  /// A validator may quote the whole input back.
  private static final int BODY_BYTES_MAX = 1024 * 1024;

  private static final ByteBuf USAGE_FIELD =
      Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("stream_options", US_ASCII)).asReadOnly();
  private static final Tap BLIND = new BlindTap();

  private final Exchange exchange;
  private final Dialect dialect;
  private final String provider;
  private final Payer.Found payer;
  private final int status;
  private final HttpHeaders headers;
  private final ErrorText text;
  private @Nullable ByteBuf body = ByteBufAllocator.DEFAULT.buffer();
  private final boolean asked;
  private boolean tooLong;
  private boolean namesUsage;
  private @Nullable Refusal unfit;

  /// @param headers for the caller
  /// @param payer whose credential it was
  /// @param asked the request carried the field that asks for the usage, which the gate had added
  public ErrorAnswer(
      Exchange exchange,
      Dialect dialect,
      String provider,
      Payer.Found payer,
      int status,
      HttpHeaders headers,
      boolean asked) {
    this.payer = payer;
    this.asked = asked;
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
    namesUsage = asked && whole != null && ByteBufUtil.indexOf(USAGE_FIELD, whole) >= 0;
    if (namesUsage) {
      unfit = ProviderFailure.of(status, words());
    } else if (status == 403 && !(payer instanceof Payer.Brought) && !text.refusesContent()) {
      release();
      unfit = ProviderFailure.credential(provider, payer, "answered 403");
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
    LlmReply.write(exchange, dialect, refusal, told);
  }

  /// It takes exception to the field that we added to ask for the usage.
  public boolean namesUsage() {
    return namesUsage;
  }

  @Override
  public @Nullable Refusal unfit() {
    return unfit;
  }

  /// The caller sees all of it or nothing.
  @Override
  public void breakOff(Refusal why) {
    exchange.reset(why.code());
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
  public Tap tap() {
    return BLIND;
  }
}
