package dev.gatewright.cli.client;

import dev.gatewright.secret.Secret;

/// A server elsewhere, and the key this machine has for it.
///
/// @param name how people call it
/// @param url without a final slash
/// @param keyId `key_…`
/// @param paired the key was made for this command line, and ends with its sign-out
public record Profile(String name, String url, Secret key, String keyId, boolean paired) {}
