package dev.gatewright.room.provider;

/// One part of a provider's credential.
///
/// @param name as in the API and in the configuration file
/// @param required false for what the provider's server may have switched off
/// @param address true when it is an address the gate calls
/// @param description for people
public record CredentialField(String name, boolean required, boolean address, String description) {}
