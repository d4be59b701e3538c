package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Opening;
import dev.gatewright.call.tap.AnswerTap;
import dev.gatewright.call.tap.UsageChunkFilter;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A stream of events. Bytes leave in the turn they come, even half an event, unless the usage
/// chunk has to be taken out again: then the current event is held. What we write ourselves stands
/// between whole events only. Where it turns out to be none of events, it passes as it comes.
final class StreamAnswer implements Answer {
  private final Exchange exchange;
  private final Endpoint endpoint;
  private final String provider;
  private final AnswerTap tap;
  private final Opening opening;
  private final @Nullable UsageChunkFilter filter;
  private final Keepalive keepalive;
  private boolean over;

  /// @param removeUsage take the usage chunk out, because it was us who asked for it
  StreamAnswer(
      Exchange exchange,
      Endpoint endpoint,
      String provider,
      int status,
      HttpHeaders headers,
      long bodyLength,
      AnswerTap tap,
      boolean removeUsage,
      LongSupplier nanos,
      long keepaliveNanos) {
    this.exchange = exchange;
    this.endpoint = endpoint;
    this.provider = provider;
    this.tap = tap;
    this.keepalive = new Keepalive(exchange.eventLoop(), nanos, keepaliveNanos, this::keepAlive);
    // An error event may have to follow what the provider announced: the length stays open.
    this.opening =
        new Opening(
            exchange,
            tap,
            status,
            headers,
            () -> tap.mayBeEvents() ? -1 : bodyLength,
            keepalive::start);
    this.filter =
        removeUsage ? new UsageChunkFilter(tap, ByteBufAllocator.DEFAULT, opening::write) : null;
  }

  @Override
  public void data(ByteBuf part) {
    if (filter != null) {
      filter.take(part);
    } else {
      tap.watch(part);
      opening.write(part);
    }
    keepalive.written();
  }

  @Override
  public void readComplete() {
    opening.turn();
  }

  private void keepAlive() {
    if (!over && between() && exchange.isWritable()) {
      exchange.write(Unpooled.wrappedBuffer(endpoint.dialect().keepalive()));
      exchange.flush();
    }
  }

  private boolean between() {
    return filter != null ? filter.between() : tap.between();
  }

  @Override
  public void end() {
    stop();
    if (filter != null) {
      filter.finish();
    } else {
      tap.end();
    }
    Refusal refusal = ProviderFailure.refusal(provider, tap.ending());
    if (refusal == null || (tap.ending() instanceof Ending.Failed && exchange.headSent())) {
      // A failure the stream tells itself needs no second word.
      opening.open();
    } else if (exchange.headSent()) {
      lastWords(refusal);
    } else {
      opening.release();
      LlmReply.refuse(exchange, endpoint.dialect(), refusal);
    }
  }

  /// Never a silent end: an answer that lacks its last word is not whole.
  private void lastWords(Refusal refusal) {
    if (between()) {
      byte[] event = endpoint.dialect().errorEvent(endpoint, refusal, exchange.request().id());
      exchange.write(Unpooled.wrappedBuffer(event));
    }
  }

  @Override
  public void broken(Refusal refusal) {
    stop();
    boolean whole = between();
    release();
    if (!exchange.headSent()) {
      LlmReply.refuse(exchange, endpoint.dialect(), refusal);
    } else if (whole) {
      byte[] event = endpoint.dialect().errorEvent(endpoint, refusal, exchange.request().id());
      exchange.write(Unpooled.wrappedBuffer(event));
      exchange.finish();
    } else {
      exchange.reset(refusal.code());
    }
  }

  private void stop() {
    over = true;
    keepalive.stop();
  }

  @Override
  public void release() {
    stop();
    if (filter != null) {
      filter.release();
    }
    tap.finish();
    opening.release();
  }

  @Override
  public boolean begun() {
    return tap.begun();
  }

  @Override
  public Ending ending() {
    return tap.ending();
  }

  @Override
  public Usage usage() {
    return tap.usage();
  }

  @Override
  public long outputTokens() {
    return tap.outputSoFar();
  }
}
