package dev.gatewright.cli.client;

import dev.gatewright.cli.output.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// The same for commands on rooms, whose `--profile` is a room's.
public final class RoomServerOptions extends ServerPlace {
  @Mixin private final OrganizationOption organization = new OrganizationOption();

  @Override
  @Nullable String profile() {
    return null;
  }

  public GateClient connect(Terminal terminal) {
    return connect(terminal, organization.id());
  }
}
