package dev.gatewright.store;

/// The store is gone, full or broken, or does not answer in time. Whatever was being written must
/// be taken as not written unless a later look says otherwise: a connection cut in the middle of a
/// commit leaves the result unknown. The message is for the operator and holds no secret.
public final class StoreFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreFailed(String message) {
    super(message);
  }

  public StoreFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
