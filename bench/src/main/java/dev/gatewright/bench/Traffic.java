package dev.gatewright.bench;

import java.nio.charset.StandardCharsets;

/// The kinds of call that are measured. Bodies are 2 kB both ways for the small ones; the stream is
/// 50 events of about 200 bytes, each written on its own by the provider, without delay. The last
/// two go through self-hosted services: a chat with Ollama, and one long answer.
enum Traffic {
  SMALL("small chat, 2 kB JSON"),
  STREAM("stream of 50 events"),
  SERVICE("small chat through a service, 2 kB JSON"),
  LONG("1 GiB through a service");

  static final long LONG_BYTES = 1L << 30;

  static final int EVENTS = 50;
  private static final String MODEL = "gpt-4o-mini";

  private final String title;

  Traffic(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /// A whole request as it goes on the wire.
  ///
  /// @param key the caller's key; ignored by the mock and by nginx
  byte[] request(int port, String key) {
    return switch (this) {
      case SMALL, STREAM -> chat("/v1/chat/completions", port, key);
      case SERVICE -> chat("/chat/api/v1/chat/completions", port, key);
      case LONG ->
          """
          GET /files/api/long HTTP/1.1\r
          Host: 127.0.0.1:%d\r
          Authorization: Bearer %s\r
          \r
          """
              .formatted(port, key)
              .getBytes(StandardCharsets.US_ASCII);
    };
  }

  /// A long answer is asked for once at a time: what counts is its rate.
  int callers(int callers) {
    return this == LONG ? 1 : callers;
  }

  private byte[] chat(String path, int port, String key) {
    String filler = "Please answer in one short sentence and cite your sources. ".repeat(30);
    String body =
        """
        {"model":"%s","messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"%s"}],"temperature":0.2,"max_tokens":256%s}\
        """
            .formatted(MODEL, filler, this == STREAM ? ",\"stream\":true" : "");
    return """
    POST %s HTTP/1.1\r
    Host: 127.0.0.1:%d\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Accept: application/json\r
    User-Agent: gatewright-bench\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(path, port, key, body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// The provider's answer to a small call.
  static byte[] smallAnswer() {
    String text = "The answer is forty-two, as everybody knows by now. ".repeat(30);
    String body =
        """
        {"id":"chatcmpl-bench","object":"chat.completion","created":1760000000,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":412,"completion_tokens":256,"total_tokens":668,"prompt_tokens_details":{"cached_tokens":128,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},"service_tier":"default","system_fingerprint":"fp_bench"}\
        """
            .formatted(text);
    return """
    HTTP/1.1 200 OK\r
    Content-Type: application/json\r
    x-request-id: req_bench\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] longHead() {
    return """
    HTTP/1.1 200 OK\r
    Content-Type: application/octet-stream\r
    Content-Length: %d\r
    \r
    """
        .formatted(LONG_BYTES)
        .getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] streamHead() {
    return """
    HTTP/1.1 200 OK\r
    Content-Type: text/event-stream; charset=utf-8\r
    x-request-id: req_bench\r
    Transfer-Encoding: chunked\r
    \r
    """
        .getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] event(int number) {
    return chunk(
        """
        data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":" word%02d"},"logprobs":null,"finish_reason":null}],"usage":null}

        """
            .formatted(number));
  }

  static byte[] usageEvent() {
    return chunk(
        """
        data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini-2024-07-18","choices":[],"usage":{"prompt_tokens":412,"completion_tokens":50,"total_tokens":462}}

        """);
  }

  static byte[] streamEnd() {
    return "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] chunk(String data) {
    return (Integer.toHexString(data.length()) + "\r\n" + data + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
