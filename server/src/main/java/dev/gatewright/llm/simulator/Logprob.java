package dev.gatewright.llm.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.llm.simulator.request.Noise;

/// Log probabilities of a token: its own, and of the alternatives asked for, decided by the
/// request.
final class Logprob {
  private Logprob() {}

  /// One entry, as JSON; the token is the likeliest of its alternatives.
  static String full(Turn turn, int from, int to) {
    String token = turn.text().substring(from, to);
    Noise noise = new Noise(turn.asked().seed() + from);
    JsonOut out = entry(new JsonOut(), token, noise.next()).list("top_logprobs");
    for (int i = 0; i < turn.asked().topLogprobs(); i++) {
      String other = i == 0 ? token : "other" + i;
      entry(out, other, i == 0 ? new Noise(turn.asked().seed() + from).next() : noise.next())
          .close();
    }
    return out.closeList().close().toString();
  }

  private static JsonOut entry(JsonOut out, String token, long noise) {
    out.open().put("token", token).name("logprob");
    out.raw("-0.%04d".formatted(Math.floorMod(noise, 10_000))).list("bytes");
    for (byte b : token.getBytes(UTF_8)) {
      out.element(b & 0xff);
    }
    return out.closeList();
  }
}
