package dev.gatewright.web;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.Json;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.ProblemForm;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;

/// The one place that writes answers of resources, good and bad.
final class Written {
  /// Longest error. What says no says it briefly.
  private static final int PROBLEM_BYTES_MAX = 16 << 10;

  private Written() {}

  static void answer(Context context, Answer answer) {
    context.status(answer.status());
    answer.headers().forEach(context::header);
    answer.cookies().forEach(cookie -> cookie(context, cookie));
    switch (answer.body()) {
      case null -> {}
      case byte[] bytes -> context.result(bytes);
      case InputStream stream -> context.result(stream);
      case Answer.Streaming streaming -> stream(context, streaming);
      case Object value -> context.contentType("application/json").result(Json.bytes(value));
    }
  }

  /// Past the framework, which would hold it together.
  private static void stream(Context context, Answer.Streaming streaming) {
    try {
      streaming.write(context.res().getOutputStream());
    } catch (IOException gone) {
      // Whoever read it has left; there is nobody to tell.
    }
  }

  /// @param value of `set-cookie`
  static void cookie(Context context, String value) {
    context.res().addHeader("set-cookie", value);
  }

  static void problem(Context context, Problem problem, ProblemForm form) {
    Refusal refusal = problem.refusal();
    context.status(refusal.status());
    if (refusal.status() == 401) {
      context.header("www-authenticate", "Bearer");
    }
    if (refusal.retryAfterSeconds() > 0) {
      context.header("retry-after", Integer.toString(refusal.retryAfterSeconds()));
    }
    if (!refusal.retryable()) {
      context.header("x-should-retry", "false");
    }
    String id = HandedOver.requestId(context);
    byte[] body = Json.bytes(form.body(problem, id));
    if (body.length > PROBLEM_BYTES_MAX) {
      // Too much detail: the words and the place remain.
      body = Json.bytes(form.body(new Problem(refusal), id));
    }
    context.contentType("application/json").result(body);
  }
}
