package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What somebody is to be in an organization.
final class RoleOptions {
  @Option(
      names = "--projects",
      split = ",",
      paramLabel = "PROJECT",
      description = "Those a developer sees, prj_….")
  private @Nullable List<String> projects;

  void put(ObjectNode body) {
    if (projects != null) {
      ArrayNode given = body.putArray("projects");
      projects.forEach(given::add);
    }
  }
}
