package dev.gatewright.llm.simulator;

import dev.gatewright.llm.simulator.request.Asked;
import dev.gatewright.llm.simulator.request.Noise;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/// Vectors that are the same for the same text, of length 1, as numbers or in base64 (32-bit
/// little-endian floats). Each is made when it leaves.
final class EmbeddingsAnswer {
  private EmbeddingsAnswer() {}

  static Script script(Asked asked) {
    return Script.whole(
        new Parts()
            .then(() -> new JsonOut().open().put("object", "list").list("data"))
            .each(asked.inputs().size(), index -> embedding(asked, index))
            .then(() ->
                new JsonOut()
                    .raw("],")
                    .put("model", asked.model())
                    .open("usage")
                    .put("prompt_tokens", asked.words())
                    .put("total_tokens", asked.words())
                    .close()
                    .close()));
  }

  private static JsonOut embedding(Asked asked, int index) {
    JsonOut out = new JsonOut().raw(index == 0 ? "{" : ",{");
    out.put("object", "embedding").put("index", index).name("embedding");
    float[] vector = vector(asked.inputs().get(index), asked.dimensions());
    if (asked.base64()) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      return out.quoted(Base64.getEncoder().encodeToString(bytes.array())).close();
    }
    out.raw("[");
    for (int i = 0; i < vector.length; i++) {
      out.raw(i == 0 ? "" : ",").raw(Float.toString(vector[i]));
    }
    return out.closeList().close();
  }

  static float[] vector(long seed, int dimensions) {
    Noise noise = new Noise(seed);
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
