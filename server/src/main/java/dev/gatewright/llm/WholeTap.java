package dev.gatewright.llm;

import dev.gatewright.json.JsonWalker;

/// Reads the usage of a whole JSON answer, however large, as it passes.
final class WholeTap implements UsageTap {
  private final UsageCount count;
  private final JsonWalker walker;
  private boolean readable = true;

  WholeTap(Endpoint endpoint, UsageCount count) {
    this.count = count;
    this.walker = new JsonWalker(UsageShape.ofAnswer(endpoint), count, false);
    count.begin();
  }

  @Override
  public void feed(byte[] part, int from, int to) {
    readable = readable && walker.feed(part, from, to);
  }

  @Override
  public void finish() {
    count.end();
  }
}
