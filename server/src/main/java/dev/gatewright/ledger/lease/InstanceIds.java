package dev.gatewright.ledger.lease;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Names of instances: `ins_` and sixteen random hex digits. One is never used twice, so a fenced
/// instance stays fenced.
public final class InstanceIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private InstanceIds() {}

  public static String next() {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return "ins_" + HexFormat.of().formatHex(bytes);
  }
}
