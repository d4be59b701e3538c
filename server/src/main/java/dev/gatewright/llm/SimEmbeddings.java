package dev.gatewright.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/// Vectors that are the same for the same text, of length 1, as numbers or in base64 (32-bit
/// little-endian floats).
final class SimEmbeddings {
  private static final int DIMENSIONS = 1536;
  private static final int DIMENSIONS_MAX = 4096;
  private static final int INPUTS_MAX = 2048;

  private SimEmbeddings() {}

  static SimScript script(String model, JsonNode body, int inputTokens) {
    boolean base64 = body.path("encoding_format").asText("").equals("base64");
    int dimensions = Math.clamp(body.path("dimensions").asInt(DIMENSIONS), 1, DIMENSIONS_MAX);
    ObjectNode answer = Json.object().put("object", "list");
    ArrayNode data = answer.putArray("data");
    JsonNode input = body.path("input");
    if (input.isTextual() || input.path(0).isNumber()) {
      add(data, input.isTextual() ? input.asText() : input.toString(), dimensions, base64);
    } else {
      for (JsonNode one : input) {
        if (data.size() < INPUTS_MAX) {
          add(data, one.isTextual() ? one.asText() : one.toString(), dimensions, base64);
        }
      }
    }
    answer.put("model", model);
    answer.putObject("usage").put("prompt_tokens", inputTokens).put("total_tokens", inputTokens);
    return SimScript.whole(Json.bytes(answer), inputTokens, 0);
  }

  private static void add(ArrayNode data, String text, int dimensions, boolean base64) {
    ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
    float[] vector = vector(text, dimensions);
    if (base64) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * dimensions).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      entry.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
    } else {
      ArrayNode numbers = entry.putArray("embedding");
      for (float number : vector) {
        numbers.add(number);
      }
    }
  }

  static float[] vector(String text, int dimensions) {
    SimNoise noise = new SimNoise(text);
    double[] raw = new double[dimensions];
    double square = 0;
    for (int i = 0; i < dimensions; i++) {
      raw[i] = noise.nextUnit();
      square += raw[i] * raw[i];
    }
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (raw[i] / Math.sqrt(square));
    }
    return vector;
  }
}
