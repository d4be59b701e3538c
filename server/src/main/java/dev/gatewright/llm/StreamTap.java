package dev.gatewright.llm;

import dev.gatewright.json.JsonWalker;
import dev.gatewright.relay.SseFramer;

/// Reads the usage of a stream of server-sent events, event by event, wherever reads of the socket
/// may cut them.
final class StreamTap implements UsageTap, SseFramer.Data {
  private final UsageCount count;
  private final JsonWalker walker;
  private final SseFramer framer = new SseFramer(this);
  private boolean readable = true;
  private boolean usageChunk;

  StreamTap(Endpoint endpoint, UsageCount count) {
    this.count = count;
    this.walker = new JsonWalker(UsageShape.ofEvent(endpoint), count, false);
    count.begin();
  }

  @Override
  public void feed(byte[] part, int from, int to) {
    int at = from;
    while (at >= 0 && at < to) {
      at = next(part, at, to);
    }
  }

  /// Goes on to the end of the current event.
  ///
  /// @return the index behind it; -1 when it does not end in this part
  int next(byte[] part, int from, int to) {
    int end = framer.next(part, from, to);
    if (end >= 0) {
      eventEnded();
    }
    return end;
  }

  /// The event that has just ended is the usage chunk of a chat stream.
  boolean endedUsageChunk() {
    return usageChunk;
  }

  private void eventEnded() {
    usageChunk = readable && walker.done() && count.isUsageChunk();
    count.end();
    count.begin();
    walker.reset();
    readable = true;
  }

  /// The stream stands between two events.
  boolean between() {
    return framer.between();
  }

  @Override
  public void data(byte[] part, int from, int to) {
    readable = readable && walker.feed(part, from, to);
  }

  @Override
  public void finish() {
    framer.finish();
    eventEnded();
  }
}
