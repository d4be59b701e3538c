package dev.gatewright.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an error's JSON looks like: `{error:{type,code,message,param,request_id}}`, of a 403 `help`
/// as well, and what some resources add.
///
/// @param response its name among the document's responses
/// @param more names within `error` that are always there, null where the problem says nothing
/// @param detail whether the words stand under `detail` beside `error`, too
public record ProblemForm(String response, List<String> more, boolean detail) {
  public static final ProblemForm PLAIN = new ProblemForm("Error", List.of(), false);

  public ProblemForm {
    more = List.copyOf(more);
  }

  public Map<String, Object> body(Problem problem, String requestId) {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("type", problem.refusal().type());
    error.put("code", problem.refusal().code());
    error.put("message", problem.refusal().message());
    error.put("param", problem.refusal().param());
    error.put("request_id", requestId);
    if (problem.refusal().help() != null) {
      error.put("help", problem.refusal().help());
    }
    more.forEach(name -> error.put(name, problem.more().get(name)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", error);
    if (detail) {
      Object own = problem.detail();
      body.put("detail", own == null ? problem.refusal().message() : own);
    }
    return body;
  }
}
