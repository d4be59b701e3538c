package dev.gatewright.secret;

/// Wraps keys with a key that does not leave it: a master key here, a KMS elsewhere. Both calls may
/// block, so they are for virtual and store threads. Thread-safe.
public interface KeyWrapper {
  /// Which key it wraps with: the same in every process that has it, and of no use to who has not.
  String id();

  /// @param text what is stored
  /// @param version of the wrapping key, where its keeper changes it in place under one id
  record Wrapped(String text, String version) {}

  /// What an attempt to wrap came to.
  sealed interface Wrapping {
    record Done(Wrapped wrapped) implements Wrapping {}

    /// @param reason a sentence for the operator
    record Unavailable(String reason) implements Wrapping {}
  }

  /// What an attempt to unwrap came to.
  sealed interface Unwrapping {
    @SuppressWarnings("ArrayRecordComponent") // the key itself; nobody compares two of these
    record Done(byte[] key) implements Unwrapping {}

    /// Not what this key wrapped for this place: trying again changes nothing.
    record Tampered() implements Unwrapping {}

    /// @param reason a sentence for the operator
    record Unavailable(String reason) implements Unwrapping {}
  }

  /// @param context what the key is for; the same bytes must be given to unwrap
  Wrapping wrap(byte[] key, byte[] context);

  Unwrapping unwrap(Wrapped wrapped, byte[] context);
}
