package dev.gatewright.cli.command.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;

/// Services as a table, an instance a row.
final class ServiceRows {
  private final TextTable table =
      new TextTable(
          "SERVICE", "PRESET", "STATUS", "RUNNING", "WAITING", "INSTANCE", "STATE", "MS", "MODELS");

  void add(JsonNode service) {
    for (JsonNode instance : service.path("instances")) {
      String state = Fields.text(instance, "state");
      table.row(
          Fields.text(service, "id"),
          Fields.text(service, "preset"),
          Fields.text(service, "status"),
          Fields.text(instance, "running"),
          Fields.text(service.path("queue"), "waiting"),
          Fields.text(instance, "url"),
          instance.path("draining").asBoolean() ? state + ", draining" : state,
          Fields.text(instance, "latency_ms"),
          Fields.text(instance, "models_loaded"));
    }
  }

  void print(Terminal terminal) {
    table.print(terminal);
  }
}
