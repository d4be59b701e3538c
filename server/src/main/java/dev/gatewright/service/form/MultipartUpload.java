package dev.gatewright.service.form;

import dev.gatewright.call.Body;
import dev.gatewright.call.CallerBody;
import dev.gatewright.call.CallerBody.Rest;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.body.BodyRule.Look;
import dev.gatewright.service.body.JsonBodyRule;
import dev.gatewright.service.body.ServiceRequest;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A form whose `model` decides whether it may pass at all. Its parts are kept until they name the
/// model: then the rest streams behind them; or until the file begins: then all of it goes to disk
/// first. Either way it is read to its end, for a second `model` would be another answer to the
/// same question. Confined to the exchange's event loop.
final class MultipartUpload implements BodyReceiver, Body {
  private static final int KEPT_BYTES_MAX = 64 * 1024;

  /// So much may be on its way to the disk before the caller has to wait.
  private static final long UNWRITTEN_BYTES_MAX = 1024 * 1024;

  private static final FastThreadLocal<byte[]> WINDOW =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 * 1024];
        }
      };

  private final ServiceRequest request;
  private final CallerBody from;
  private final BodySpool spool;
  private final FormFields fields;
  private final MultipartScanner scanner;
  private final Measure measure;
  private final Consumer<Look> then;
  private final Deque<ByteBuf> kept = new ArrayDeque<>();
  private long keptBytes;
  private @Nullable SpoolFile file;
  private long unwritten;
  private boolean decided;
  private boolean ended;
  private boolean over;
  private @Nullable BodyReceiver to;

  /// Came between the decision and the start of the call.
  private @Nullable Refusal late;

  MultipartUpload(
      ServiceRequest request,
      BodySpool spool,
      String boundary,
      Measure measure,
      Consumer<Look> then) {
    this.request = request;
    this.from = new CallerBody(request.exchange(), request.bodyBytesMax());
    this.spool = spool;
    this.fields = new FormFields(measure);
    this.scanner = new MultipartScanner(boundary, fields);
    this.measure = measure;
    this.then = then;
  }

  void start() {
    request.exchange().onEnded(_ -> release());
    from.stream(this);
  }

  @Override
  public void data(ByteBuf part) {
    if (over) {
      part.release();
      return;
    }
    Refusal refusal = scan(part);
    if (refusal != null) {
      part.release();
      refused(refusal);
    } else if (decided) {
      pass(part);
    } else if (file != null) {
      spool(part);
    } else {
      keep(part);
    }
  }

  private @Nullable Refusal scan(ByteBuf part) {
    byte[] window = WINDOW.get();
    int from = part.readerIndex();
    boolean good = true;
    while (good && from < part.writerIndex()) {
      int length = Math.min(window.length, part.writerIndex() - from);
      part.getBytes(from, window, 0, length);
      from += length;
      good = scanner.feed(window, 0, length);
    }
    return good ? fields.refusal() : unreadable();
  }

  private Refusal unreadable() {
    return Refusal.invalid("The form cannot be accepted: " + scanner.problem() + ".");
  }

  private void keep(ByteBuf part) {
    kept.add(part);
    keptBytes += part.readableBytes();
    String model = fields.model();
    if (model != null) {
      decided = true;
      from.rest(Rest.UNDECIDED);
      then.accept(new Look.Ready(model, this, measure, false));
    } else if (fields.fileBegun() || keptBytes > KEPT_BYTES_MAX) {
      file = new SpoolFile(spool, request.exchange().eventLoop());
      while (!kept.isEmpty() && !over) {
        spool(kept.remove());
      }
    }
  }

  private void spool(ByteBuf part) {
    SpoolFile spooled = file;
    int bytes = part.readableBytes();
    if (spooled == null || !spooled.append(part, cause -> written(bytes, cause))) {
      refused(Refusal.overloaded("Too many uploads wait on disk at the moment.", 5));
      return;
    }
    unwritten += bytes;
    if (unwritten > UNWRITTEN_BYTES_MAX) {
      from.rest(Rest.DISK);
    }
  }

  private void written(int bytes, @Nullable Throwable cause) {
    unwritten -= bytes;
    if (over) {
      return;
    }
    if (cause != null) {
      refused(cannotKeep());
    } else if (ended) {
      finishSpooled();
    } else if (unwritten <= UNWRITTEN_BYTES_MAX) {
      from.go(Rest.DISK);
    }
  }

  static Refusal cannotKeep() {
    return Refusal.overloaded("The upload cannot be kept on disk at the moment.", 5);
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    ended = true;
    if (!scanner.finish()) {
      refused(unreadable());
    } else if (decided) {
      endPassed();
    } else if (file == null) {
      refused(JsonBodyRule.modelMissing());
    } else {
      finishSpooled();
    }
  }

  private void finishSpooled() {
    SpoolFile spooled = file;
    if (unwritten > 0 || decided || spooled == null) {
      return;
    }
    String model = fields.model();
    if (model == null) {
      refused(JsonBodyRule.modelMissing());
      return;
    }
    decided = true;
    over = true;
    then.accept(new Look.Ready(model, new SpooledBody(spooled), measure, false));
  }

  @Override
  public void refused(Refusal refusal) {
    if (over) {
      return;
    }
    BodyReceiver receiver = to;
    boolean toldBefore = decided;
    release();
    if (receiver != null) {
      receiver.refused(refusal);
    } else if (!toldBefore) {
      then.accept(new Look.Refused(refusal));
    } else {
      late = refusal;
    }
  }

  @Override
  public long length() {
    return from.length();
  }

  @Override
  public @Nullable ByteBuf whole() {
    return null;
  }

  @Override
  public void stream(BodyReceiver receiver) {
    Refusal refusal = late;
    if (refusal != null) {
      receiver.refused(refusal);
      return;
    }
    to = receiver;
    while (!kept.isEmpty() && !over) {
      receiver.data(kept.remove());
    }
    if (ended) {
      endPassed();
    } else if (!over) {
      from.go(Rest.UNDECIDED);
    }
  }

  private void pass(ByteBuf part) {
    if (to == null) {
      kept.add(part);
    } else {
      to.data(part);
    }
  }

  private void endPassed() {
    if (to != null && !over) {
      over = true;
      to.end();
    }
  }

  @Override
  public void pause() {
    from.pause();
  }

  @Override
  public void resume() {
    from.resume();
  }

  @Override
  public void release() {
    over = true;
    from.release();
    kept.forEach(ByteBuf::release);
    kept.clear();
    if (file != null) {
      file.delete();
    }
  }
}
