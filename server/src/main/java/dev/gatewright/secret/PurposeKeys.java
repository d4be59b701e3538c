package dev.gatewright.secret;

import javax.crypto.SecretKey;

/// Gives each purpose of the platform a key of its own, so that none says anything of another.
public interface PurposeKeys {
  /// The key of `purpose`, 32 bytes for HMAC-SHA-256; the same for every process on this store and
  /// for good.
  ///
  /// @param purpose such as `key-pepper`
  SecretKey purpose(String purpose);
}
