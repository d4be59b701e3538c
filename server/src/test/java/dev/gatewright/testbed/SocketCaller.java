package dev.gatewright.testbed;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A caller with the JDK's WebSocket, who notes what comes: `text:…`, `bytes:length`, `pong:…`,
/// `close:code`, `error`. Thread-safe.
final class SocketCaller implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final BlockingQueue<String> came = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private int bytes;
  private @Nullable WebSocket socket;

  private SocketCaller() {}

  /// @param key null = none in a header
  /// @param protocols offered, in order
  static SocketCaller open(Gate gate, String path, @Nullable String key, String... protocols)
      throws Exception {
    SocketCaller caller = new SocketCaller();
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (key != null) {
      builder.header("authorization", "Bearer " + key);
    }
    if (protocols.length > 0) {
      List<String> rest = List.of(protocols).subList(1, protocols.length);
      builder.subprotocols(protocols[0], rest.toArray(String[]::new));
    }
    URI uri = URI.create("ws://127.0.0.1:" + gate.port() + path);
    caller.socket = builder.buildAsync(uri, caller).get(30, TimeUnit.SECONDS);
    return caller;
  }

  WebSocket socket() {
    WebSocket open = socket;
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  /// Sends it whole and waits until it has left.
  SocketCaller say(String words) throws Exception {
    socket().sendText(words, true).get(20, TimeUnit.SECONDS);
    return this;
  }

  /// The next thing that came.
  String next() throws InterruptedException {
    String next = came.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within 20 s");
    }
    return next;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      came.add("text:" + text);
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    bytes += data.remaining();
    if (last) {
      came.add("bytes:" + bytes);
      bytes = 0;
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    came.add("pong:" + StandardCharsets.US_ASCII.decode(message));
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    came.add("close:" + code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    came.add("error");
  }

  /// Leaves without a word.
  @Override
  public void close() {
    socket().abort();
  }
}
