package dev.gatewright.job;

/// A job that came to nothing, for those who ask why a mail did not arrive. Kept for seven days.
///
/// @param problem what went wrong the last time, without a secret
/// @param endedMillis epoch milliseconds
public record FailedJob(
    String id, String kind, String payload, int attempts, String problem, long endedMillis) {}
