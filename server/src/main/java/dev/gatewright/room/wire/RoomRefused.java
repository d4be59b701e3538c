package dev.gatewright.room.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.ProblemForm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ends a call on rooms early, with the answer. Blocking code reads downwards with it: a provider's
/// refusal may come from five calls below the REST resource.
public final class RoomRefused extends Problem {
  private static final long serialVersionUID = 1L;
  private static final String PROVIDER = "provider";
  private static final String STATUS = "provider_status";
  private static final String CODE = "provider_code";

  /// What errors of rooms look like, on both surfaces.
  public static final ProblemForm FORM =
      new ProblemForm("RoomError", List.of(PROVIDER, STATUS, CODE), true);

  private final transient RoomProblem problem;

  public RoomRefused(RoomProblem problem) {
    super(problem.refusal());
    this.problem = problem;
  }

  public RoomProblem problem() {
    return problem;
  }

  @Override
  public Map<String, Object> more() {
    Map<String, Object> more = new HashMap<>();
    if (problem.provider() != null) {
      more.put(PROVIDER, problem.provider());
    }
    if (problem.providerStatus() != null) {
      more.put(STATUS, problem.providerStatus());
    }
    if (problem.providerCode() != null) {
      more.put(CODE, problem.providerCode());
    }
    return more;
  }

  @Override
  public @Nullable JsonNode detail() {
    return problem.detail();
  }
}
