package dev.gatewright.llm.simulator.request;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The digest that tells two requests apart.
final class Digests {
  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }
}
