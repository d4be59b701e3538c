package dev.gatewright.cli.command.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.output.Fields;
import org.jspecify.annotations.Nullable;

/// The names of models an organization has, as the REST API tells them.
final class ModelNames {
  static final String PATH = "/api/models";

  private ModelNames() {}

  static ObjectNode all(GateClient gate) {
    return Pages.all(gate::get, PATH);
  }

  /// Where a name of the organization's own stands; null when it has none of that spelling. The
  /// file's names are found too: to change one is refused by the server, which says why.
  static @Nullable String path(GateClient gate, String id) {
    for (JsonNode each : all(gate).path("data")) {
      if (Fields.text(each, "id").equals(id)) {
        return PATH + "/" + Fields.text(each, "ref");
      }
    }
    return null;
  }
}
