package dev.gatewright.llm.simulator.request;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Numbers that look random and are the same for the same seed on every machine.
public final class Noise {
  private long state;

  public Noise(long seed) {
    state = seed;
  }

  public static long hash(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return hash(bytes, 0, bytes.length);
  }

  /// FNV-1a, 64 bits.
  public static long hash(byte[] bytes, int from, int to) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /// SplitMix64.
  public long next() {
    state += 0x9e3779b97f4a7c15L;
    long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /// Between -1 and 1.
  public double nextUnit() {
    return (next() >> 11) * 0x1.0p-52;
  }
}
