package dev.gatewright.service;

import dev.gatewright.call.Body;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Refusal;
import dev.gatewright.relay.UpstreamCall;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/// Carries a streamed body to the backend no faster than that takes it: what the backend's socket
/// does not take stays in the caller's. Confined to the call's event loop.
final class BodyPump implements BodyReceiver {
  private final Body from;
  private final UpstreamCall to;
  private final Consumer<Refusal> onRefused;
  private long bytes;
  private boolean paused;

  BodyPump(Body from, UpstreamCall to, Consumer<Refusal> onRefused) {
    this.from = from;
    this.to = to;
    this.onRefused = onRefused;
  }

  void start() {
    from.stream(this);
  }

  /// Passed on so far.
  long bytes() {
    return bytes;
  }

  @Override
  public void data(ByteBuf part) {
    bytes += part.readableBytes();
    to.write(part);
    if (!paused && !to.isWritable()) {
      paused = true;
      from.pause();
    }
  }

  /// The backend may take more.
  void resume() {
    if (paused && to.isWritable()) {
      paused = false;
      from.resume();
    }
  }

  @Override
  public void end() {
    to.endBody();
  }

  @Override
  public void refused(Refusal refusal) {
    onRefused.accept(refusal);
  }
}
