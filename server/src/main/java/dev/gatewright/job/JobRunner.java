package dev.gatewright.job;

/// Does the jobs of one kind. Called by one thread at a time, a virtual one, which is interrupted
/// when the run takes longer than a minute; a socket it waits for then breaks.
@FunctionalInterface
public interface JobRunner {
  /// An exception counts as [JobResult.Again].
  JobResult run(Job job);
}
