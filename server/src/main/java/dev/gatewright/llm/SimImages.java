package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// One small PNG in the colour of its prompt; an image costs one token.
final class SimImages {
  private static final int PIXELS = 8;
  private static final int IMAGES_MAX = 10;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private SimImages() {}

  static SimScript script(PeekedBody peeked, JsonNode body, int inputTokens) {
    int images = peeked.stream() ? 1 : Math.clamp(peeked.choices(), 1, IMAGES_MAX);
    String prompt = body.path("prompt").asText("");
    ObjectNode usage =
        Json.object()
            .put("input_tokens", inputTokens)
            .put("output_tokens", images)
            .put("total_tokens", inputTokens + images);
    usage.putObject("input_tokens_details").put("text_tokens", inputTokens).put("image_tokens", 0);
    if (peeked.stream()) {
      ObjectNode event =
          Json.object()
              .put("type", "image_generation.completed")
              .put("b64_json", base64(prompt))
              .put("created_at", Simulator.CREATED_SECONDS);
      event.set("usage", usage);
      byte[] sent = Sse.event("image_generation.completed", event);
      return SimScript.stream(
          List.of(SimScript.Part.of(sent, images)).iterator(), inputTokens, images);
    }
    ObjectNode answer = Json.object().put("created", Simulator.CREATED_SECONDS);
    ArrayNode data = answer.putArray("data");
    for (int i = 0; i < images; i++) {
      data.addObject().put("b64_json", base64(prompt));
    }
    answer.set("usage", usage);
    return SimScript.whole(Json.bytes(answer), inputTokens, images);
  }

  private static String base64(String prompt) {
    return Base64.getEncoder().encodeToString(png(prompt));
  }

  /// 8 by 8 pixels of one colour (PNG, W3C second edition).
  private static byte[] png(String prompt) {
    long colour = new SimNoise(prompt).next();
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
