package dev.gatewright.store.backup;

/// A backup that was not made, or not put back. The message is one sentence for the operator;
/// nothing was changed.
public final class BackupFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BackupFailed(String message) {
    super(message);
  }

  public BackupFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
