package dev.gatewright.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A provider that keeps books of its own: each call it serves is on its disk before the first byte
/// of the answer leaves, and costs what the caller's name of it says. Its answers name the call as
/// `x-request-id`.
final class Teller implements Script, AutoCloseable {
  static final int INPUT_MAX = 32;
  static final int OUTPUT_MAX = 24;

  /// What a served call comes to.
  record Served(long input, long output) {
    long tokens() {
      return input + output;
    }
  }

  private final Path file;
  private final FileChannel out;
  private long written;
  private long durable;
  private boolean forcing;

  Teller(Path file) throws IOException {
    this.file = file;
    this.out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static Served of(String call) {
    int hash = (call.hashCode() * 0x9E3779B9) >>> 8;
    return new Served(1 + hash % INPUT_MAX, 1 + (hash / INPUT_MAX) % OUTPUT_MAX);
  }

  @Override
  public void answer(SeenRequest request, Wire wire) throws IOException, InterruptedException {
    String call = request.json().path("user").asText();
    note(call + "\n");
    Served served = of(call);
    String usage =
        "\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
            .formatted(served.input(), served.output(), served.tokens());
    if (!request.stream()) {
      wire.json(
          200,
          """
          {"id":"c","object":"chat.completion","created":1760000000,"model":"m","choices":[{"index":0,\
          "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],%s}\
          """
              .formatted(usage),
          "x-request-id: " + call);
      return;
    }
    boolean paced = request.json().path("model").asText().equals("paced");
    wire.streamHead("x-request-id: " + call);
    for (int i = 0; i < served.output(); i++) {
      wire.chunk(OpenAiAnswers.delta("word"));
      if (paced) {
        wire.pause(Duration.ofMillis(5));
      }
    }
    wire.chunk(OpenAiAnswers.finish());
    wire.chunk(
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[],%s}\n\n"
            .formatted(usage));
    wire.chunk("data: [DONE]\n\n").endChunks();
  }

  /// Returns once it is on the disk; who comes while another forces waits for the next turn, so
  /// that one turn serves many.
  private void note(String line) throws IOException, InterruptedException {
    long mine;
    synchronized (this) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        written += out.write(bytes);
      }
      mine = written;
      while (forcing && durable < mine) {
        wait();
      }
      if (durable >= mine) {
        return;
      }
      forcing = true;
      mine = written;
    }
    try {
      out.force(false);
    } finally {
      synchronized (this) {
        forcing = false;
        durable = Math.max(durable, mine);
        notifyAll();
      }
    }
  }

  /// Every call it served, as its file says, and how often.
  Map<String, Integer> served() {
    Map<String, Integer> all = new HashMap<>();
    try {
      Files.readAllLines(file, StandardCharsets.US_ASCII)
          .forEach(call -> all.merge(call, 1, Integer::sum));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
