package dev.gatewright.ledger;

/// An attempt under way. The counters are written by the attempt's event loop and read by the log's
/// thread, which checkpoints them about once a second, so that a crash bills what was delivered.
public final class Attempt {
  private final String id;
  private final Opening opening;
  private volatile long outputTokensCounted;

  Attempt(String id, Opening opening) {
    this.id = id;
    this.opening = opening;
  }

  /// `att_` and a UUIDv7: sorts by time.
  public String id() {
    return id;
  }

  public Opening opening() {
    return opening;
  }

  /// Output tokens delivered so far, by our own count.
  public void counted(long outputTokens) {
    this.outputTokensCounted = outputTokens;
  }

  public long outputTokensCounted() {
    return outputTokensCounted;
  }
}
