package dev.gatewright.call.sink;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Tap;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An answer that passes as it comes: bytes leave in the turn they come, even half an event, once
/// its tap takes it for an answer. What the gate writes itself stands between whole events only.
/// Confined to the call's event loop.
public final class PassSink implements Sink {
  private final Exchange exchange;
  private final Tap tap;
  private final Words words;
  private final Opening opening;
  private @Nullable Sieve sieve;
  private @Nullable Keepalive keepalive;
  private @Nullable Refusal unfit;
  private boolean early;
  private @Nullable Runnable onWhole;
  private boolean passed;
  private boolean between;
  private boolean over;

  /// @param bodyLength asked for when the head leaves; -1 = unknown
  public PassSink(
      Exchange exchange,
      int status,
      HttpHeaders headers,
      LongSupplier bodyLength,
      Tap tap,
      Words words) {
    this.exchange = exchange;
    this.tap = tap;
    this.words = words;
    this.opening = new Opening(exchange, tap, status, headers, bodyLength, this::opened);
  }

  /// The head leaves at once: a caller may wait for it before the first event.
  public PassSink early() {
    early = true;
    return this;
  }

  /// The head waits for an answer's end that is no longer than so.
  ///
  /// @param whole runs before the head leaves, when the tap has seen all of it
  public PassSink waitingForWhole(int bytesMax, Runnable whole) {
    opening.waitForWhole(bytesMax);
    onWhole = whole;
    return this;
  }

  /// @param making with where what passes goes; shows `tap` what it takes
  public PassSink sieved(Function<Consumer<ByteBuf>, Sieve> making) {
    sieve = making.apply(opening::write);
    return this;
  }

  /// Tells a caller who has heard nothing for so long that the stream lives.
  public PassSink keptAlive(Supplier<ByteBuf> word, LongSupplier nanos, long idleNanos) {
    keepalive =
        new Keepalive(
            exchange.eventLoop(),
            nanos,
            idleNanos,
            () -> {
              if (!over && between() && exchange.isWritable()) {
                exchange.write(word.get());
                exchange.flush();
              }
            });
    return this;
  }

  private void opened() {
    if (keepalive != null) {
      keepalive.start();
    }
  }

  @Override
  public void data(ByteBuf part) {
    passed = true;
    Sieve through = sieve;
    if (through != null) {
      through.take(part);
    } else {
      tap.watch(part);
      opening.write(part);
    }
    if (keepalive != null) {
      keepalive.written();
    }
  }

  @Override
  public void readComplete() {
    if (early) {
      opening.open();
    }
    opening.turn();
  }

  private boolean between() {
    Sieve through = sieve;
    return !passed || (through != null ? through.between() : tap.between());
  }

  @Override
  public void end() {
    stop();
    Sieve through = sieve;
    if (through != null) {
      through.finish();
    } else {
      tap.end();
    }
    Ending ending = tap.ending();
    Refusal refusal = words.instead(ending);
    if (refusal == null || (ending instanceof Ending.Failed && exchange.headSent())) {
      // A failure that the answer tells itself needs no second word.
      if (onWhole != null && !exchange.headSent()) {
        onWhole.run();
      }
      opening.open();
    } else if (exchange.headSent()) {
      // Never a silent end: an answer that lacks its last word is not whole.
      ByteBuf last = between ? words.last(refusal) : null;
      if (last != null) {
        exchange.write(last);
      }
    } else {
      unfit = refusal;
    }
  }

  @Override
  public @Nullable Refusal unfit() {
    return unfit;
  }

  @Override
  public void breakOff(Refusal why) {
    release();
    ByteBuf last = between ? words.last(why) : null;
    if (last == null) {
      exchange.reset(why.code());
      return;
    }
    if (exchange.access().reason() == null) {
      exchange.access().reason(why.code());
    }
    exchange.write(last);
    exchange.finish();
  }

  private void stop() {
    if (!over) {
      over = true;
      between = between();
      if (keepalive != null) {
        keepalive.stop();
      }
    }
  }

  @Override
  public void release() {
    stop();
    if (sieve != null) {
      sieve.release();
    }
    tap.finish();
    opening.release();
  }

  @Override
  public Tap tap() {
    return tap;
  }
}
