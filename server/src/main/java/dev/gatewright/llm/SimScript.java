package dev.gatewright.llm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Iterator;
import java.util.List;

/// What the simulator will send.
///
/// @param contentType of the answer
/// @param bodyLength bytes; -1 = a stream
/// @param parts of the body, made one by one as they leave: the events of a stream, or the whole
/// @param inputTokens exact
/// @param outputTokens exact
record SimScript(
    String contentType,
    long bodyLength,
    Iterator<Part> parts,
    long inputTokens,
    long outputTokens) {

  /// @param bytes owned by whoever takes the part
  /// @param tokens of the output, that it carries
  record Part(ByteBuf bytes, long tokens) {
    static Part of(byte[] bytes, long tokens) {
      return new Part(Unpooled.wrappedBuffer(bytes), tokens);
    }
  }

  static SimScript whole(byte[] body, long inputTokens, long outputTokens) {
    return new SimScript(
        "application/json",
        body.length,
        List.of(Part.of(body, outputTokens)).iterator(),
        inputTokens,
        outputTokens);
  }

  static SimScript stream(Iterator<Part> events, long inputTokens, long outputTokens) {
    return new SimScript(Sse.CONTENT_TYPE, -1, events, inputTokens, outputTokens);
  }
}
