package dev.gatewright.llm.simulator;

import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A provider that calls nobody: deterministic, with exact usage, on every endpoint, under every
/// name. `sim/story` tells a story; every other name echoes the last user text, fits a schema that
/// is asked for, and calls a tool that has to be called. Thread-safe.
///
/// No caller decides its memory: bodies are bounded, what calls keep of their texts comes out of
/// one budget, and answers are made part by part as they are taken.
public final class Simulator implements Upstream {
  public static final String ECHO = "sim/echo";
  static final String STORY = "sim/story";

  /// The names worth listing.
  public static final List<String> MODELS = List.of(ECHO, STORY);

  /// Stands wherever a dialect wants a time: an answer must not differ from one day to the next.
  public static final long CREATED_SECONDS = 1_767_225_600;

  /// A request's body.
  public static final int BODY_BYTES_MAX = 1 << 20;

  /// Bytes all calls together may keep of requests and texts.
  static final long HELD_BYTES_MAX = 48 << 20;

  /// A call that keeps no more than this is never refused for want of memory: whoever fills the
  /// budget shuts out other large calls only.
  static final int HELD_FREE_BYTES = 8 << 10;

  private static final String PREFIX = "sim/";

  private final Origin origin = new Origin(true, "simulator.invalid", 443);
  private final AtomicLong held = new AtomicLong();
  private final Map<EventLoop, Turns> turns = new ConcurrentHashMap<>();
  private final Time time;

  public Simulator(Time time) {
    this.time = time;
  }

  /// The name belongs to the simulator alone: live keys do not reach it.
  public static boolean answers(String model) {
    return model.startsWith(PREFIX);
  }

  @Override
  public Origin origin() {
    return origin;
  }

  /// @param request to a path that ends as a provider's endpoint does; `x-sim-*` headers say how to
  ///   behave
  @Override
  public UpstreamCall call(EventLoop loop, UpstreamRequest request, UpstreamListener listener) {
    return new SimulatedCall(this, loop, request, listener);
  }

  @Override
  public UpstreamCall upgrade(EventLoop loop, UpstreamRequest request, UpstreamListener listener) {
    return call(loop, request, listener);
  }

  /// Holds `newBytes` instead of `oldBytes`; false, and nothing has changed, when there is not so
  /// much left. Less is always granted.
  boolean exchange(long oldBytes, long newBytes) {
    long more = charge(newBytes) - charge(oldBytes);
    if (held.addAndGet(more) > HELD_BYTES_MAX && more > 0) {
      held.addAndGet(-more);
      return false;
    }
    return true;
  }

  private static long charge(long bytes) {
    return bytes > HELD_FREE_BYTES ? bytes : 0;
  }

  Turns turns(EventLoop loop) {
    return turns.computeIfAbsent(loop, key -> new Turns(key, time));
  }

  /// Bytes calls keep at present, small ones not counted.
  public long heldBytes() {
    return held.get();
  }

  @Override
  public void close() {}
}
