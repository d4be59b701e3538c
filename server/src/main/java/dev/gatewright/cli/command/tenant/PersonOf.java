package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The id of a person that is named by an address, or by the id itself.
final class PersonOf {
  private PersonOf() {}

  /// Anybody who has an account on this platform.
  static String email(GateClient client, String given) {
    return given.startsWith("per_")
        ? given
        : found(
            client.get(
                "/api/platform/people?email=" + URLEncoder.encode(given, StandardCharsets.UTF_8)),
            "id",
            given);
  }

  /// A member of the organization the client speaks about.
  static String team(GateClient client, String given) {
    if (given.startsWith("per_")) {
      return given;
    }
    for (JsonNode member : Pages.all(client::get, "/api/team/members?limit=200").path("data")) {
      if (member.path("email").asText().equalsIgnoreCase(given)) {
        return Fields.text(member, "person_id");
      }
    }
    throw new CommandFailed(
        ExitCode.NOT_FOUND, "%s (expected: a member, as `team list` shows them)".formatted(given));
  }

  private static String found(JsonNode page, String field, String given) {
    JsonNode first = page.path("data").path(0);
    if (first.isMissingNode()) {
      throw new CommandFailed(
          ExitCode.NOT_FOUND, "%s (expected: somebody who has an account here)".formatted(given));
    }
    return Fields.text(first, field);
  }
}
