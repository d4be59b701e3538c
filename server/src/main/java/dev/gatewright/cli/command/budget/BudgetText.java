package dev.gatewright.cli.command.budget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A budget as it is typed: `5/day`, `100/month:soft`.
///
/// @param usd as typed; the server judges it
public record BudgetText(String usd, String per, boolean hard) {
  static final String PATH = "/api/budgets";

  private static final Pattern FORM =
      Pattern.compile("([0-9.]+)/(day|week|month|lifetime)(:soft|:hard)?");

  /// @param option where it was typed, such as `--budget`
  public static BudgetText parse(String option, String text) {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s: %s (expected: USD/PER, such as 5/day or 100/month:soft; day, week, month or lifetime)"
              .formatted(option, text));
    }
    return new BudgetText(match.group(1), match.group(2), !":soft".equals(match.group(3)));
  }

  private ObjectNode body() {
    return GateClient.JSON.createObjectNode().put("usd", usd).put("hard", hard);
  }

  /// Makes it.
  public JsonNode add(GateClient gate, String on) {
    return gate.post(PATH, body().put("on", on).put("per", per));
  }

  /// Changes the one on this for the same time and of the same kind, or makes it.
  JsonNode set(GateClient gate, String on, ObjectNode more) {
    JsonNode found = null;
    for (JsonNode each : of(gate, on).path("data")) {
      if (Fields.text(each, "per").equals(per)
          && (found == null || each.path("hard").asBoolean() == hard)) {
        found = each;
      }
    }
    ObjectNode body = body().setAll(more);
    return found == null
        ? gate.post(PATH, body.put("on", on).put("per", per))
        : gate.patch(PATH + "/" + Fields.text(found, "id"), body);
  }

  /// All on this.
  static ObjectNode of(GateClient gate, String on) {
    return Pages.all(
        gate::get, PATH + "?limit=200&on=" + URLEncoder.encode(on, StandardCharsets.UTF_8));
  }
}
