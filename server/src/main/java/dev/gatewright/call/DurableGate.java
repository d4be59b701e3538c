package dev.gatewright.call;

import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Keeps what an upstream answers until the attempt's opening is durable: no byte of it may reach
/// the caller before (DESIGN §5.1). Once it is [#full()] reading is to be paused. Where the opening
/// is durable already everything passes straight through. Confined to the call's event loop.
final class DurableGate implements UpstreamListener {
  /// Most answers that come before the commit are short: reading goes on until so much is kept.
  private static final int KEPT_BYTES_MAX = 64 * 1024;

  private enum Mark {
    READ_COMPLETE,
    END
  }

  private record Head(int status, HttpHeaders headers, long bodyLength) {}

  private record Upgraded(HttpHeaders headers) {}

  private final UpstreamListener behind;
  private final Runnable onFull;

  /// Heads, parts, ends, in the order in which they came; null while nothing has had to wait.
  private @Nullable ArrayDeque<Object> kept;

  private @Nullable Runnable onKept;
  private int keptBytes;
  private boolean open;
  private boolean shut;

  /// @param onFull runs when reading is to be paused
  DurableGate(UpstreamListener behind, Runnable onFull) {
    this.behind = behind;
    this.onFull = onFull;
  }

  /// `waits` runs once, when the first event has to be kept.
  void onKept(Runnable waits) {
    onKept = waits;
  }

  boolean isOpen() {
    return open;
  }

  boolean full() {
    return !open && keptBytes > KEPT_BYTES_MAX;
  }

  /// The opening is durable: lets through what has come and all that comes.
  void open() {
    open = true;
    ArrayDeque<Object> waiting = kept;
    while (!shut && waiting != null && !waiting.isEmpty()) {
      pass(waiting.remove());
    }
  }

  private void pass(Object event) {
    if (event instanceof ByteBuf part) {
      behind.data(part);
    } else if (event == Mark.READ_COMPLETE) {
      behind.readComplete();
    } else if (event == Mark.END) {
      behind.end();
    } else if (event instanceof Head(int status, HttpHeaders headers, long bodyLength)) {
      behind.head(status, headers, bodyLength);
    } else if (event instanceof Upgraded(HttpHeaders headers)) {
      behind.upgraded(headers);
    } else if (event instanceof UpstreamFailure failure) {
      behind.failed(failure);
    }
  }

  /// Nothing more is to be heard, now or later.
  void shut() {
    shut = true;
    ArrayDeque<Object> waiting = kept;
    if (waiting != null) {
      waiting.forEach(ReferenceCountUtil::release);
      waiting.clear();
    }
  }

  /// True where an event passes at once.
  private boolean passes() {
    return open && !shut && (kept == null || kept.isEmpty());
  }

  private void keep(Object event) {
    if (!shut) {
      ArrayDeque<Object> waiting = kept;
      if (waiting == null) {
        waiting = new ArrayDeque<>(8);
        kept = waiting;
      }
      waiting.add(event);
      Runnable first = onKept;
      if (first != null) {
        onKept = null;
        first.run();
      }
    }
  }

  @Override
  public void head(int status, HttpHeaders headers, long bodyLength) {
    if (passes()) {
      behind.head(status, headers, bodyLength);
    } else {
      keep(new Head(status, headers, bodyLength));
    }
  }

  @Override
  public void upgraded(HttpHeaders headers) {
    if (passes()) {
      behind.upgraded(headers);
    } else {
      keep(new Upgraded(headers));
    }
  }

  @Override
  public void data(ByteBuf part) {
    if (passes()) {
      behind.data(part);
    } else if (shut) {
      part.release();
    } else {
      keptBytes += part.readableBytes();
      keep(part);
      if (full()) {
        onFull.run();
      }
    }
  }

  @Override
  public void readComplete() {
    if (passes()) {
      behind.readComplete();
    } else {
      keep(Mark.READ_COMPLETE);
    }
  }

  @Override
  public void end() {
    if (passes()) {
      behind.end();
    } else {
      keep(Mark.END);
    }
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (passes()) {
      behind.failed(failure);
    } else {
      keep(failure);
    }
  }

  /// Says nothing of the answer, so it waits for nothing.
  @Override
  public void writable() {
    if (!shut) {
      behind.writable();
    }
  }
}
