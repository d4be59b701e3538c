package dev.gatewright.identity.passkey;

/// Whether an ECDSA signature is written as DER has it (X.690 §8.3, §10): two integers that are
/// positive and as short as they can be. The JDK also takes those that would be negative numbers,
/// so that one signature had two forms. Pure.
final class SignatureForm {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;

  private SignatureForm() {}

  /// @param signature of a curve of at most 384 bits: no length takes more than one byte
  static boolean plain(byte[] signature) {
    if (signature.length < 2
        || signature[0] != SEQUENCE
        || signature[1] < 0
        || signature[1] != signature.length - 2) {
      return false;
    }
    int second = integerEnd(signature, 2);
    return second > 0 && integerEnd(signature, second) == signature.length;
  }

  /// Where the integer that begins here is over; -1 = it is none.
  private static int integerEnd(byte[] der, int at) {
    if (at + 2 >= der.length || der[at] != INTEGER || der[at + 1] <= 0) {
      return -1;
    }
    int first = at + 2;
    int end = first + der[at + 1];
    if (end > der.length || der[first] < 0) {
      return -1;
    }
    boolean padded = der[first] == 0 && end - first > 1 && der[first + 1] >= 0;
    return padded ? -1 : end;
  }
}
