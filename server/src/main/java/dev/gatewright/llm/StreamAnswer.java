package dev.gatewright.llm;

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
/// between whole events only.
final class StreamAnswer implements Answer {
  private final Exchange exchange;
  private final Endpoint endpoint;
  private final int status;
  private final HttpHeaders headers;
  private final UsageCount count;
  private final StreamTap tap;
  private final @Nullable UsageChunkFilter filter;
  private final Keepalive keepalive;
  private boolean over;

  /// @param removeUsage take the usage chunk out, because it was us who asked for it
  StreamAnswer(
      Exchange exchange,
      Endpoint endpoint,
      int status,
      HttpHeaders headers,
      UsageCount count,
      boolean removeUsage,
      LongSupplier nanos,
      long keepaliveNanos) {
    this.exchange = exchange;
    this.endpoint = endpoint;
    this.status = status;
    this.headers = headers;
    this.count = count;
    this.tap = new StreamTap(endpoint, count);
    this.filter =
        removeUsage ? new UsageChunkFilter(tap, ByteBufAllocator.DEFAULT, exchange::write) : null;
    this.keepalive = new Keepalive(exchange.eventLoop(), nanos, keepaliveNanos, this::keepAlive);
  }

  @Override
  public void data(ByteBuf part) {
    sendHead();
    if (filter != null) {
      filter.take(part);
    } else {
      tap.watch(part);
      exchange.write(part);
    }
    keepalive.written();
  }

  private void sendHead() {
    if (!exchange.headSent()) {
      // An error event may have to follow what the provider announced: the length stays open.
      exchange.head(status, headers, -1);
      keepalive.start();
    }
  }

  @Override
  public void readComplete() {
    sendHead();
    exchange.flush();
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
    sendHead();
    if (filter != null) {
      filter.finish();
    } else {
      tap.finish();
    }
    keepalive.stop();
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
  }

  @Override
  public Usage usage() {
    return count.usage();
  }

  @Override
  public long outputTokens() {
    return count.outputSoFar();
  }
}
