package dev.gatewright.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// What the tests of sockets share: an echo behind a service, and the caller's side of a handshake
/// by hand.
final class SocketWorld {
  static final String[] HANDSHAKE = {
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="
  };

  private SocketWorld() {}

  static EchoBackend backend() {
    try {
      return EchoBackend.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `echo`: sockets at /echo/ws and below /echo/api/; `bare`: none; `talk`: of a preset with
  /// models; `one`: one place, one waiter.
  static String services(EchoBackend backend) {
    return """
    services:
      - id: echo
        preset: http
        instances: ["%1$s/base"]
        concurrency: 50
        allow: [GET /ws, GET /ws/*, GET /live, POST /post]
        credential: { bearer: backend-secret }
      - id: bare
        preset: http
        instances: ["%1$s"]
        allow: [GET /live]
      - id: talk
        preset: speaches
        instances: ["%1$s"]
      - id: one
        preset: http
        instances: ["%1$s"]
        concurrency: 1
        queue: { length: 1, wait: 1m }
        allow: [GET /ws]
      - id: few
        preset: http
        instances: ["%1$s"]
        sockets: { max: 1, idle: 3s }
        allow: [GET /ws]
    """
        .formatted(backend.url());
  }

  /// A caller who has asked for a socket, with a key in a header unless it is empty.
  static RawClient ask(Gate gate, String path, String key, String... headers) throws IOException {
    String[] all = new String[HANDSHAKE.length + headers.length];
    System.arraycopy(HANDSHAKE, 0, all, 0, HANDSHAKE.length);
    System.arraycopy(headers, 0, all, HANDSHAKE.length, headers.length);
    return gate.caller().get(path, key, all);
  }

  /// A masked frame of zeros, as a client sends it.
  static byte[] frame(int first, int length) {
    byte[] bare = EchoBackend.frame(first, new byte[length]);
    // A mask of zeros changes nothing, so it may stand anywhere between head and end.
    byte[] all = Arrays.copyOf(bare, bare.length + 4);
    all[1] |= (byte) 0x80;
    return all;
  }
}
