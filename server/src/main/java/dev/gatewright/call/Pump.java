package dev.gatewright.call;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.relay.UpstreamCall;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/// Paces the two sides of a try, and is the only one that does: the upstream is read no faster than
/// the caller takes it, the caller no faster than the upstream does. Confined to the call's event
/// loop.
///
/// ```
/// caller ── body ──▶ write ──▶ upstream     not writable → the body pauses
/// caller ◀─ exchange ◀─ gate ◀─ upstream    not writable, or the gate full → reading pauses
/// ```
final class Pump implements BodyReceiver {
  private final Exchange exchange;
  private final Body body;
  private final UpstreamCall upstream;
  private final DurableGate gate;
  private final Consumer<Refusal> onRefused;
  private boolean readingPaused;
  private boolean bodyPaused;
  private boolean stopped;
  private long bytes;

  /// @param onRefused the caller's body is too long, malformed or too slow
  Pump(
      Exchange exchange,
      Body body,
      UpstreamCall upstream,
      DurableGate gate,
      Consumer<Refusal> onRefused) {
    this.exchange = exchange;
    this.body = body;
    this.upstream = upstream;
    this.gate = gate;
    this.onRefused = onRefused;
  }

  /// Bytes of a streamed body passed on so far.
  long bytes() {
    return bytes;
  }

  /// Nothing is moved any more.
  void stop() {
    stopped = true;
  }

  // ── upstream to caller ──

  /// Reads on or stops reading, as the caller and the gate can take more.
  void pace() {
    boolean pause = gate.full() || (gate.isOpen() && !exchange.isWritable());
    if (pause != readingPaused && !stopped) {
      readingPaused = pause;
      if (pause) {
        upstream.pauseReading();
      } else {
        upstream.resumeReading();
      }
    }
  }

  // ── caller to upstream ──

  void stream() {
    body.stream(this);
  }

  @Override
  public void data(ByteBuf part) {
    if (stopped) {
      part.release();
      return;
    }
    bytes += part.readableBytes();
    upstream.write(part);
    if (!bodyPaused && !upstream.isWritable()) {
      bodyPaused = true;
      body.pause();
    }
  }

  /// The upstream may take more.
  void writable() {
    if (bodyPaused && !stopped && upstream.isWritable()) {
      bodyPaused = false;
      body.resume();
    }
  }

  @Override
  public void end() {
    if (!stopped) {
      upstream.endBody();
    }
  }

  @Override
  public void refused(Refusal refusal) {
    if (!stopped) {
      onRefused.accept(refusal);
    }
  }
}
