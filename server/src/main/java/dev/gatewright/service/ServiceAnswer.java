package dev.gatewright.service;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Tap;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// A backend's answer on its way to the caller: what came in one turn leaves in that turn, unless
/// its body may turn out to be an error. Confined to the call's event loop.
final class ServiceAnswer {
  private final ServiceCall call;
  private final int status;
  private final HttpHeaders received;
  private final HttpHeaders headers;
  private final long bodyLength;
  private final Tap tap;
  private final StreamKind kind;
  private boolean finished;

  /// Null = it passes as it comes.
  private @Nullable DoubtfulBody doubt;

  /// The body was an error, and the caller was told so instead.
  private boolean refused;

  /// The last two bytes that passed, the later one lower.
  private int lastBytes = '\n' << 8 | '\n';

  /// @param received the backend's, less hop-by-hop names
  /// @param bodyLength -1 = unknown
  ServiceAnswer(ServiceCall call, int status, HttpHeaders received, long bodyLength) {
    this.call = call;
    this.status = status;
    this.received = received;
    this.headers = call.queued(ServiceHeaders.toCaller(received));
    AnswerLabel.correct(call.request(), headers);
    this.bodyLength = bodyLength;
    this.doubt = DoubtfulBody.of(call.request(), status, received, bodyLength);
    this.tap = call.ready().measure().open(status, received);
    boolean plain = !received.contains(HttpHeaderNames.CONTENT_ENCODING);
    this.kind = plain && bodyLength < 0 ? ServiceHeaders.streamKind(received) : StreamKind.NONE;
  }

  /// Not known yet to be an answer rather than an error.
  boolean doubtful() {
    return doubt != null;
  }

  void data(ByteBuf part) {
    ByteBuf passing = doubt == null ? part : doubt.take(part);
    if (passing != null) {
      doubt = null;
      pass(passing);
    }
  }

  private void pass(ByteBuf part) {
    tap.watch(part);
    int end = part.writerIndex();
    for (int at = Math.max(part.readerIndex(), end - 2); at < end; at++) {
      lastBytes = ((lastBytes << 8) | (part.getByte(at) & 0xff)) & 0xffff;
    }
    sendHead();
    exchange().write(part);
  }

  private void sendHead() {
    if (!exchange().headSent()) {
      exchange().head(status, headers, bodyLength);
    }
  }

  /// One read of the backend's socket is complete. A head alone leaves too: a caller may wait for
  /// it before the first event.
  void readComplete() {
    if (doubt == null) {
      sendHead();
      exchange().flush();
    }
  }

  /// The answer is complete; the exchange is finished by whoever calls this.
  void end() {
    DoubtfulBody doubted = doubt;
    doubt = null;
    Refusal refusal = doubted == null ? null : doubted.refusal(call.service());
    if (refusal != null) {
      refused = true;
      release();
      HttpHeaders told = call.queued(EdgeReply.headers(refusal));
      call.form().refuse(exchange(), refusal, BackendFault.keepRetries(received, told));
      return;
    }
    if (doubted != null && doubted.whole().isReadable()) {
      pass(doubted.whole());
    }
    finished = true;
    tap.end();
    sendHead();
  }

  /// The answer cannot go on: by status where that can still be said, by last words after a whole
  /// line or event, else by breaking it off.
  void broken(Refusal refusal) {
    release();
    if (!exchange().headSent()) {
      call.form().refuse(exchange(), refusal);
      return;
    }
    ByteBuf words =
        wholeSoFar() ? call.form().lastWords(kind, refusal, exchange().request().id()) : null;
    if (words == null) {
      exchange().reset(refusal.code());
      return;
    }
    if (exchange().access().reason() == null) {
      exchange().access().reason(refusal.code());
    }
    exchange().write(words);
    exchange().finish();
  }

  private boolean wholeSoFar() {
    return switch (kind) {
      case NDJSON -> (lastBytes & 0xff) == '\n';
      case SSE -> lastBytes == ('\n' << 8 | '\n');
      case AUDIO, NONE -> false;
    };
  }

  /// The tap hears of the end, once.
  void release() {
    if (!finished) {
      finished = true;
      tap.finish();
    }
  }

  /// Output tokens delivered so far.
  long outputTokens() {
    return tap.outputSoFar();
  }

  Usage usage() {
    return refused ? Usage.NOTHING : tap.usage();
  }

  /// It says itself that the call went wrong, such as by an error line at status 200.
  boolean failed() {
    return refused || !(tap.ending() instanceof Ending.Complete);
  }

  private Exchange exchange() {
    return call.exchange();
  }
}
