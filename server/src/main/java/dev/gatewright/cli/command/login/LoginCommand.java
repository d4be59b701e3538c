package dev.gatewright.cli.command.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Profile;
import dev.gatewright.cli.client.Profiles;
import dev.gatewright.cli.client.ServerAddress;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright login`
@Command(
    name = "login",
    description = {
      "Sign this machine in to a server elsewhere: shows a code that somebody approves in a browser,",
      "and keeps the key that comes of it."
    })
public final class LoginCommand implements Callable<Integer> {
  private static final int KEY_CHARACTERS_MAX = 200;

  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "Where the server is reached, such as https://gate.example.com.")
  private String url = "";

  @Option(
      names = "--with-token",
      description = "Take an admin key from standard input; nobody approves anything.")
  private boolean withToken;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "How it is called here (default: its host).")
  private @Nullable String profile;

  public LoginCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    URI server = RemoteUrl.checked(url);
    String plain = ServerAddress.plain(url);
    Profiles profiles = Profiles.of(terminal);
    String name = profile == null ? server.getHost() : profile;
    Profile former = profiles.find(name);
    Secret key = withToken ? typed() : paired(plain);
    JsonNode who = new GateClient(new ServerAddress(plain, key), null).get("/api/auth/whoami");
    profiles.keep(new Profile(name, plain, key, Fields.text(who, "id"), !withToken));
    if (former != null && former.paired()) {
      KeyEnd.revoke(former);
    }
    if (!output.printed(terminal, told(who, name, plain))) {
      Fields.print(terminal, told(who, name, plain));
      terminal.say(
          "Signed in. Commands go there where no server runs on this machine; else say --profile %s."
              .formatted(name));
    }
    return ExitCode.OK;
  }

  private static ObjectNode told(JsonNode who, String name, String url) {
    ObjectNode told = GateClient.JSON.createObjectNode().put("profile", name).put("url", url);
    who.properties().forEach(field -> told.set(field.getKey(), field.getValue()));
    return told;
  }

  private Secret typed() throws IOException {
    if (terminal.interactive()) {
      terminal.say("Paste the admin key (gw_admin_…) and press Enter:");
    }
    String line = terminal.in().readLine();
    if (line == null || line.isBlank() || line.length() > KEY_CHARACTERS_MAX) {
      throw new CommandFailed(
          ExitCode.USAGE, "standard input: (expected: one admin key on one line)");
    }
    return Secret.of(line.strip());
  }

  private Secret paired(String server) throws InterruptedException {
    GateClient gate = new GateClient(new ServerAddress(server, null), null);
    JsonNode begun =
        gate.post(
            "/api/auth/pairings",
            GateClient.JSON.createObjectNode().put("host", RemoteUrl.ownName(terminal)));
    terminal.say(
        """
        Open  %s
        and approve this command line; the page must show the code  %s
        Without a browser: `gatewright keys create --admin --name NAME` on the server's machine, and here \
        `gatewright login --url %s --with-token`.\
        """
            .formatted(Fields.text(begun, "url"), Fields.text(begun, "user_code"), server));
    ObjectNode body =
        GateClient.JSON.createObjectNode().put("device_code", Fields.text(begun, "device_code"));
    long seconds = begun.path("interval").asLong(5);
    while (true) {
      Thread.sleep(seconds * 1_000);
      GateClient.Said said = gate.ask("POST", "/api/auth/pairings/token", body);
      if (said.status() == 200) {
        return Secret.of(Fields.text(said.body(), "key"));
      }
      switch (said.code()) {
        case "authorization_pending" -> {}
        case "slow_down", "rate_limit_exceeded", "overloaded" -> seconds += 5;
        case "access_denied" ->
            throw new CommandFailed(ExitCode.REFUSED, "It was denied; no key was made.");
        case "expired_token" ->
            throw new CommandFailed(
                ExitCode.REFUSED, "Nobody approved it in time (expected: within 10 minutes).");
        default ->
            throw new CommandFailed(
                ExitCode.REFUSED,
                "%s (status %d)"
                    .formatted(said.body().at("/error/message").asText("no words"), said.status()));
      }
    }
  }
}
