package dev.gatewright.job;

/// How a run of a job ended. Texts are kept and shown to administrators: no secret, no address.
public sealed interface JobResult {
  /// What the job was for has happened.
  record Done() implements JobResult {}

  /// There was nothing left to do: what the job was about is gone or over.
  ///
  /// @param why for administrators
  record Dropped(String why) implements JobResult {}

  /// It may go better later.
  ///
  /// @param problem for administrators
  record Again(String problem) implements JobResult {}

  /// It cannot go better later.
  ///
  /// @param problem for administrators
  record Failed(String problem) implements JobResult {}
}
