package dev.gatewright.job;

/// A job as its runner gets it.
///
/// @param organizationId whose it is; empty = the platform's
/// @param kind what is registered runs it
/// @param payload JSON without a secret, as it was added
/// @param attempts how often it was begun, this time included
/// @param expiresMillis when there is no more point in it, epoch milliseconds
public record Job(
    String id,
    String organizationId,
    String kind,
    String payload,
    int attempts,
    long expiresMillis) {}
