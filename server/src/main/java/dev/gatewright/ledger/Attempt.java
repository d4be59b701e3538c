package dev.gatewright.ledger;

/// An attempt under way: what its event loop knows of its row. Told by that loop, read by the log,
/// which writes the counter about once a second, so that a crash bills what was delivered.
public interface Attempt {
  /// `att_` and a UUIDv7: sorts by time.
  String id();

  Opening opening();

  /// Output tokens delivered so far, by our own count.
  void counted(long outputTokens);

  /// The same, of an answer that is counted in bytes and has no tokens.
  void countedBytes(long outputBytes);

  long outputTokensCounted();

  /// `end` runs, once and on the attempt's executor, when another instance has recorded this
  /// attempt as interrupted, because this process had lost its lease: what goes on now is not
  /// recorded, so the call is to be ended.
  void onLost(Runnable end);
}
