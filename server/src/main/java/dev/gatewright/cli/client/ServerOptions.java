package dev.gatewright.cli.client;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine.Mixin;

/// Which server a command is meant for, and which organization there; part of every command about
/// what an organization has.
public final class ServerOptions extends LocalServerOptions {
  @Mixin private final OrganizationOption organization = new OrganizationOption();

  @Override
  public GateClient connect(Terminal terminal) {
    return connect(terminal, organization.id());
  }
}
