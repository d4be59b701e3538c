package dev.gatewright.account;

/// Tells what runs on for a session, such as a stream of events, that the session does not stand
/// for its person any more: it was ended, here or on another replica, its person may not sign in,
/// or its time is over. Thread-safe.
public interface SessionWatch {
  /// Watches until closed.
  ///
  /// @param sessionId `ses_…`, as [SignedIn] has it
  /// @param ended runs once, within a second of the end, on a thread of its own; at once where the
  ///   session is over already
  Watch watch(String sessionId, Runnable ended);

  /// One that watches.
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
