package dev.gatewright.job;

/// What a worker has counted.
///
/// @param done jobs of this process that did what they were for
/// @param failed jobs of this process that came to nothing, those given up for age included
/// @param waiting open jobs of all processes, as last seen
public record JobFigures(long done, long failed, int waiting) {
  public static final JobFigures NONE = new JobFigures(0, 0, 0);
}
