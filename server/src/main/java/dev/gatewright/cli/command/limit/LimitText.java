package dev.gatewright.cli.command.limit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A limit as people write it: `requests=60/minute`, `spend=0.50/hour`, `concurrency=4`.
public final class LimitText {
  private static final Pattern FORM =
      Pattern.compile("([a-z_]+)=([0-9]{1,13}(?:\\.[0-9]{1,9})?)(?:/([a-z]+))?");
  private static final Pattern WHOLE = Pattern.compile("[0-9]+");

  private LimitText() {}

  /// As `POST /api/limits` takes it, but for whose it is. What the words mean is the server's to
  /// say.
  ///
  /// @param from what the text comes from, for errors
  public static ObjectNode body(String from, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s: %s (expected: KIND=N/PER, such as requests=60/minute, spend=0.50/hour or concurrency=4)"
              .formatted(from, text));
    }
    ObjectNode body = GateClient.JSON.createObjectNode().put("kind", form.group(1));
    String max = form.group(2);
    if (form.group(1).equals("spend") || !WHOLE.matcher(max).matches()) {
      body.put("max", max);
    } else {
      body.put("max", Long.parseLong(max));
    }
    return form.group(3) == null ? body : body.put("per", form.group(3));
  }

  /// As [#body] reads it.
  static String of(JsonNode limit) {
    String per = limit.path("per").isTextual() ? "/" + limit.path("per").asText() : "";
    return limit.path("kind").asText() + "=" + limit.path("max").asText() + per;
  }
}
