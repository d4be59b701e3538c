package dev.gatewright.edge.http1;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.WebSocketHandshake;
import dev.gatewright.edge.connection.EdgeCore;
import dev.gatewright.edge.connection.EdgeExchange;
import dev.gatewright.edge.connection.HeadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/// An exchange on an HTTP/1.x connection. Confined to the connection's event loop.
final class Http1Exchange extends EdgeExchange {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Http1Connection connection;
  private final Http1Answer.RequestShape shape;
  private final Http1Answer answer;
  private boolean callerKeeps;
  private boolean keep;
  private boolean expectsContinue;

  Http1Exchange(
      Http1Connection connection,
      RequestHead request,
      Http1Answer.RequestShape shape,
      boolean keep,
      boolean expectsContinue) {
    super(connection, request);
    this.connection = connection;
    this.shape = shape;
    this.callerKeeps = keep;
    this.keep = keep;
    this.expectsContinue = expectsContinue;
    this.answer = new Http1Answer(connection.outbox());
  }

  /// The connection ends with the answer, and not before the caller has had time to read it.
  @Override
  public void distrust() {
    keep = false;
    callerKeeps = true;
  }

  /// Sends 100 Continue to a caller who waits for it, unless the body is already coming.
  @Override
  public void invite() {
    if (expectsContinue && !headSent() && connection.reader().unreadBytes() == 0) {
      connection.outbox().bytes(CONTINUE, CONTINUE.length);
      connection.flush();
    }
    expectsContinue = false;
  }

  @Override
  public void readOn() {
    connection.turn();
  }

  @Override
  public void sendHead(int status, HttpHeaders headers, long bodyLength) {
    EdgeCore core = connection.loop().core();
    keep &= !core.drain().leaving() && keepsDespiteBody();
    HeadWriter writer = connection.loop().writer();
    writer.begin(status, core.time().millis(), request().id());
    writer.lines(core.cors().lines(request()));
    keep = !answer.head(writer, shape, status, headers, bodyLength, !keep);
  }

  /// A caller who still waits for 100 Continue may or may not send the body: no telling where the
  /// next request begins.
  private boolean keepsDespiteBody() {
    RequestReader reader = connection.reader();
    return reader.bodyComplete() || (!expectsContinue && reader.restIsSmall());
  }

  @Override
  public boolean send(ByteBuf part) {
    return answer.write(part);
  }

  @Override
  public void sendNow() {
    connection.flush();
  }

  @Override
  public boolean sendEnd() {
    return answer.end();
  }

  @Override
  public void finished() {
    connection.ended(keep, !callerKeeps);
  }

  @Override
  public void cut() {
    connection.cut(answer.cutLooksComplete());
  }

  @Override
  public long bytesOut() {
    return answer.bodyBytes();
  }

  @Override
  public void closeAfter() {
    keep = false;
  }

  @Override
  public boolean isWritable() {
    return connection.channel().isWritable();
  }

  @Override
  public void upgrade(HttpHeaders headers, BodyReceiver to) {
    if (ended()) {
      return;
    }
    switched(WebSocketHandshake.SWITCHING, headers, to);
    keep = false;
    HeadWriter writer = connection.loop().writer();
    writer.begin(
        WebSocketHandshake.SWITCHING, connection.loop().core().time().millis(), request().id());
    answer.upgrade(writer, headers);
    connection.flush();
    connection.tunnel();
  }
}
