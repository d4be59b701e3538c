package dev.gatewright.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Deque;

/// Keeps what an upstream answers until the attempt's opening is durable: no byte of it may reach
/// the caller before (DESIGN §5.1). Once it is [#full()] reading is to be paused. Confined to the
/// call's event loop.
public final class DurableGate implements UpstreamListener {
  /// Most answers that come before the commit are short: reading goes on until so much is kept.
  private static final int KEPT_BYTES_MAX = 64 * 1024;

  private final UpstreamListener behind;
  private final Runnable onFull;
  private final Deque<Runnable> kept = new ArrayDeque<>();
  private final Deque<ByteBuf> keptParts = new ArrayDeque<>();
  private int keptBytes;
  private boolean open;
  private boolean shut;

  /// @param onFull runs when reading is to be paused
  public DurableGate(UpstreamListener behind, Runnable onFull) {
    this.behind = behind;
    this.onFull = onFull;
  }

  public boolean isOpen() {
    return open;
  }

  public boolean full() {
    return !open && keptBytes > KEPT_BYTES_MAX;
  }

  /// The opening is durable: lets through what has come and all that comes.
  public void open() {
    open = true;
    while (!shut && !kept.isEmpty()) {
      kept.poll().run();
    }
  }

  /// Nothing more is to be heard, now or later.
  public void shut() {
    shut = true;
    kept.clear();
    keptParts.forEach(ByteBuf::release);
    keptParts.clear();
  }

  @Override
  public void head(int status, HttpHeaders headers, long bodyLength) {
    pass(() -> behind.head(status, headers, bodyLength));
  }

  @Override
  public void upgraded(HttpHeaders headers) {
    pass(() -> behind.upgraded(headers));
  }

  @Override
  public void data(ByteBuf part) {
    if (shut) {
      part.release();
    } else if (open && kept.isEmpty()) {
      behind.data(part);
    } else {
      keptBytes += part.readableBytes();
      keptParts.add(part);
      kept.add(() -> behind.data(keptParts.remove()));
      if (full()) {
        onFull.run();
      }
    }
  }

  @Override
  public void readComplete() {
    pass(behind::readComplete);
  }

  @Override
  public void end() {
    pass(behind::end);
  }

  @Override
  public void failed(UpstreamFailure failure) {
    pass(() -> behind.failed(failure));
  }

  /// Says nothing of the answer, so it waits for nothing.
  @Override
  public void writable() {
    if (!shut) {
      behind.writable();
    }
  }

  private void pass(Runnable event) {
    if (shut) {
      return;
    }
    if (open && kept.isEmpty()) {
      event.run();
    } else {
      kept.add(event);
    }
  }
}
