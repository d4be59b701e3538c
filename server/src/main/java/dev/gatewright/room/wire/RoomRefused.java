package dev.gatewright.room.wire;

/// Ends a call on rooms early, with the answer. Blocking code reads downwards with it: a provider's
/// refusal may come from five calls below the REST resource. Carries no stack: it is not a bug.
public final class RoomRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RoomProblem problem;

  public RoomRefused(RoomProblem problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  public RoomProblem problem() {
    return problem;
  }
}
