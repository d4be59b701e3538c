package dev.gatewright.llm.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatewright.llm.simulator.request.Asked;
import dev.gatewright.llm.simulator.request.Noise;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// One small PNG in the colour of its prompt; an image costs one token.
final class ImagesAnswer {
  private static final int PIXELS = 8;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private ImagesAnswer() {}

  static Script script(Asked asked) {
    String drawn = Base64.getEncoder().encodeToString(png(asked.inputs().getFirst()));
    if (asked.stream()) {
      String type = "image_generation.completed";
      return Script.stream(
          new Parts()
              .then(() -> {
                JsonOut out = new JsonOut().open().put("type", type).put("b64_json", drawn);
                out.put("created_at", Simulator.CREATED_SECONDS);
                return Sse.event(type, usage(look(out), asked, 1).close());
              }));
    }
    return Script.whole(
        new Parts()
            .then(() ->
                look(new JsonOut().open().put("created", Simulator.CREATED_SECONDS)).list("data"))
            .each(
                asked.choices(),
                index -> new JsonOut().raw(index == 0 ? "{" : ",{").put("b64_json", drawn).close())
            .then(() -> usage(new JsonOut().raw("],"), asked, asked.choices()).close()));
  }

  private static JsonOut look(JsonOut out) {
    return out.put("background", "opaque")
        .put("output_format", "png")
        .put("quality", "low")
        .put("size", "1024x1024");
  }

  private static JsonOut usage(JsonOut out, Asked asked, int images) {
    return out.open("usage")
        .put("input_tokens", asked.words())
        .put("output_tokens", images)
        .put("total_tokens", asked.words() + images)
        .open("input_tokens_details")
        .put("text_tokens", asked.words())
        .put("image_tokens", 0)
        .close()
        .open("output_tokens_details")
        .put("text_tokens", 0)
        .put("image_tokens", images)
        .close()
        .close();
  }

  /// 8 by 8 pixels of one colour (PNG, W3C second edition).
  private static byte[] png(long seed) {
    long colour = new Noise(seed).next();
    byte[] rows = new byte[PIXELS * (1 + 3 * PIXELS)];
    for (int i = 0; i < rows.length; i++) {
      int inRow = i % (1 + 3 * PIXELS);
      rows[i] = inRow == 0 ? 0 : (byte) (colour >>> (8 * ((inRow - 1) % 3)));
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(PIXELS).putInt(PIXELS);
    header.put((byte) 8).put((byte) 2);
    chunk(png, "IHDR", header.array());
    chunk(png, "IDAT", deflated(rows));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static byte[] deflated(byte[] rows) {
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] out = new byte[rows.length + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
    chunk.put(type.getBytes(US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    png.writeBytes(chunk.putInt((int) crc.getValue()).array());
  }
}
