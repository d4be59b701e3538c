package dev.gatewright.service;

import dev.gatewright.call.Body;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.call.tap.Meter;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A body nobody looks at: it passes as it comes, and is read from the caller only once a backend
/// takes it. Confined to the exchange's event loop.
public final class PassingBody implements Body {
  private final Exchange exchange;
  private final long bytesMax;
  private boolean released;

  /// @param bytesMax longer bodies are refused with 413
  public PassingBody(Exchange exchange, long bytesMax) {
    this.exchange = exchange;
    this.bytesMax = bytesMax;
  }

  /// The [BodyRule] that looks at nothing.
  static void look(ServiceRequest request, Consumer<BodyRule.Look> then) {
    long bytesMax = request.bodyBytesMax();
    then.accept(
        new BodyRule.Look.Ready(
            null, new PassingBody(request.exchange(), bytesMax), Measure.of(Meter.NOTHING)));
  }

  @Override
  public long length() {
    return exchange.request().bodyLength();
  }

  @Override
  public @Nullable ByteBuf whole() {
    return exchange.request().hasBody() ? null : Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void stream(BodyReceiver to) {
    exchange.receive(new UntilReleased(to), bytesMax);
  }

  @Override
  public void pause() {
    exchange.pauseBody();
  }

  @Override
  public void resume() {
    exchange.resumeBody();
  }

  @Override
  public void release() {
    released = true;
  }

  private final class UntilReleased implements BodyReceiver {
    private final BodyReceiver to;

    UntilReleased(BodyReceiver to) {
      this.to = to;
    }

    @Override
    public void data(ByteBuf part) {
      if (released) {
        part.release();
      } else {
        to.data(part);
      }
    }

    @Override
    public void end() {
      if (!released) {
        to.end();
      }
    }

    @Override
    public void refused(Refusal refusal) {
      if (!released) {
        to.refused(refusal);
      }
    }
  }
}
