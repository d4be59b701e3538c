package dev.gatewright.relay.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Against reading line by line, over streams split at any byte.
class SseFramerTest {
  private static final byte[] PIECES = {
    '\n',
    '\r',
    '\r',
    '\n',
    'd',
    'a',
    't',
    'a',
    ':',
    ' ',
    'x',
    '{',
    '"',
    0x0b,
    0x0c,
    0x0e,
    0x09,
    (byte) 0x8a,
    (byte) 0x8d,
    (byte) 0xff,
    0
  };

  /// What `data` lines held, of each event that has ended, joined by LF.
  private static List<String> framed(byte[] stream, Random random) {
    List<String> events = new ArrayList<>();
    StringBuilder data = new StringBuilder();
    SseFramer framer =
        new SseFramer((part, from, to) ->
            data.append(new String(part, from, to - from, StandardCharsets.ISO_8859_1)));
    int at = 0;
    while (at < stream.length) {
      int to = at + 1 + random.nextInt(Math.min(40, stream.length - at));
      for (int end = framer.next(stream, at, to); end >= 0; end = framer.next(stream, end, to)) {
        events.add(data.toString());
        data.setLength(0);
      }
      at = to;
    }
    if (framer.finish()) {
      events.add(data.toString());
    }
    return events;
  }

  private static List<String> expected(byte[] stream) {
    List<String> events = new ArrayList<>();
    String text = new String(stream, StandardCharsets.ISO_8859_1);
    List<String> data = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = from;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      String line = text.substring(from, end);
      boolean ended = end < text.length();
      from = end + (text.startsWith("\r\n", end) ? 2 : 1);
      if (line.startsWith("data:")) {
        data.add(line.substring(line.startsWith("data: ") ? 6 : 5));
      }
      if (line.isEmpty() && ended) {
        events.add(String.join("\n", data));
        data.clear();
      }
    }
    return events;
  }

  private static byte[] stream(Random random) {
    byte[] stream = new byte[1 + random.nextInt(300)];
    int at = 0;
    while (at < stream.length) {
      if (random.nextInt(6) == 0) {
        byte[] field = "data: {\"some\":\"longer text\"}".getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(field.length - random.nextInt(20), stream.length - at);
        System.arraycopy(field, 0, stream, at, length);
        at += length;
      } else {
        stream[at++] = PIECES[random.nextInt(PIECES.length)];
      }
    }
    return stream;
  }

  @Test
  void finds_the_same_events_wherever_a_stream_is_split() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] stream = stream(random);
      assertThat(framed(stream, random))
          .as("seed %d, stream %d", seed, i)
          .isEqualTo(expected(stream));
    }
  }
}
