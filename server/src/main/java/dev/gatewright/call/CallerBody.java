package dev.gatewright.call;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// The body as the caller sends it: it passes as it comes, and is read from the caller only once
/// somebody takes it. Several may want it to rest; it does while any of them wants it to. Confined
/// to the exchange's event loop.
public final class CallerBody implements Body, BodyReceiver {
  /// Why nothing is read from the caller.
  public enum Rest {
    /// The upstream takes no more at the moment.
    UPSTREAM,
    /// The disk does not.
    DISK,
    /// It is not known yet where it goes.
    UNDECIDED
  }

  private final Exchange exchange;
  private final long bytesMax;
  private @Nullable BodyReceiver to;
  private final EnumSet<Rest> resting = EnumSet.noneOf(Rest.class);
  private boolean released;

  /// @param bytesMax longer bodies are refused with 413
  public CallerBody(Exchange exchange, long bytesMax) {
    this.exchange = exchange;
    this.bytesMax = bytesMax;
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
  public void stream(BodyReceiver receiver) {
    to = receiver;
    exchange.receive(this, bytesMax);
  }

  public void rest(Rest why) {
    if (resting.isEmpty()) {
      exchange.pauseBody();
    }
    resting.add(why);
  }

  public void go(Rest why) {
    if (resting.remove(why) && resting.isEmpty()) {
      exchange.resumeBody();
    }
  }

  @Override
  public void pause() {
    rest(Rest.UPSTREAM);
  }

  @Override
  public void resume() {
    go(Rest.UPSTREAM);
  }

  @Override
  public void release() {
    released = true;
  }

  @Override
  public void data(ByteBuf part) {
    BodyReceiver receiver = to;
    if (released || receiver == null) {
      part.release();
    } else {
      receiver.data(part);
    }
  }

  @Override
  public void end() {
    if (!released && to != null) {
      to.end();
    }
  }

  @Override
  public void refused(Refusal refusal) {
    if (!released && to != null) {
      to.refused(refusal);
    }
  }
}
