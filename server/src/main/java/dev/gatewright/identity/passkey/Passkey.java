package dev.gatewright.identity.passkey;

import org.jspecify.annotations.Nullable;

/// A passkey as its row says. Times are epoch milliseconds UTC.
///
/// @param id `pk_…`
/// @param credentialId the authenticator's own name of it, base64url
/// @param rpId the name it was made for
/// @param data base64url
/// @param counter as it was last
/// @param synced may be on several devices
/// @param suspect its counter fell: two may have it
record Passkey(
    String id,
    String credentialId,
    String personId,
    String rpId,
    String name,
    String data,
    long counter,
    boolean synced,
    boolean suspect,
    long createdMillis,
    @Nullable Long usedMillis) {
  static final int OF_PERSON_MAX = 20;
  static final int NAME_CHARACTERS_MAX = 64;
}
