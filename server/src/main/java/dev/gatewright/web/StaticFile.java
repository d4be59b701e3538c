package dev.gatewright.web;

import dev.gatewright.edge.head.AcceptEncoding;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ETag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A file that is the same for everybody until the next start. Kept compressed and shared by all
/// who read it, so that many slow readers hold no copies. Immutable.
final class StaticFile {
  private final String type;
  private final byte[] compressed;
  private final String tag;

  private StaticFile(String type, byte[] compressed, String tag) {
    this.type = type;
    this.compressed = compressed;
    this.tag = tag;
  }

  static StaticFile of(String type, byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(content);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new StaticFile(type, compressed.toByteArray(), ETag.of(content));
  }

  /// 200, or 304 for who has it already.
  Answer answer(ApiCall call) {
    // Asked for again each time, and mostly answered by three lines.
    Map<String, String> headers =
        Map.of("cache-control", "no-cache", "vary", "accept-encoding", "etag", tag);
    if (String.join(",", call.headers("if-none-match")).contains(tag)) {
      return new Answer(304, null, headers);
    }
    Answer whole = new Answer(200, compressed, headers).with(Map.of("content-type", type));
    boolean gzip = AcceptEncoding.takes(call.headers("accept-encoding"), "gzip");
    return gzip
        ? whole.with(Map.of("content-encoding", "gzip"))
        : new Answer(200, content(), whole.headers());
  }

  private GZIPInputStream content() {
    try {
      return new GZIPInputStream(new ByteArrayInputStream(compressed));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
