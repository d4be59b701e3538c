package dev.gatewright.cli.client;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Which server a command talks to, and with which key.
///
/// @param url without a final slash
/// @param adminKey null = for what needs none
/// @param certificate the one it is trusted by, as its fingerprint; null = as this machine trusts
public record ServerAddress(String url, @Nullable Secret adminKey, @Nullable String certificate) {
  public ServerAddress(String url, @Nullable Secret adminKey) {
    this(url, adminKey, null);
  }

  /// What a command line says about it; at most one of them.
  ///
  /// @param folder of the local server; null = not said
  record Wish(@Nullable Path folder, @Nullable String url, @Nullable String profile) {}

  /// The server that is wished for; else the one the environment names; else the one that runs in
  /// `data`; else the one that was signed in to last.
  ///
  /// @param data where a local server would run
  /// @throws CommandFailed with [ExitCode#NOT_REACHABLE] when there is none,
  ///   [ExitCode#NOT_SIGNED_IN] when there is no key for it
  static ServerAddress find(Wish wish, Path data, Terminal terminal) {
    if (wish.profile != null) {
      return of(Profiles.of(terminal).named(wish.profile));
    }
    String named = plain(terminal.environment().getOrDefault("GATEWRIGHT_URL", ""));
    if (wish.url != null) {
      return remote(plain(wish.url), named, terminal);
    }
    if (wish.folder == null && !named.isEmpty()) {
      return remote(named, named, terminal);
    }
    ServerFile local = readLocal(data);
    if (local != null && GateClient.answers(local)) {
      return new ServerAddress(local.url(), local.adminKey(), local.certificate());
    }
    Profile current = wish.folder == null ? Profiles.of(terminal).current() : null;
    if (current != null) {
      return of(current);
    }
    String why =
        local == null
            ? "none runs in %s.".formatted(data)
            : "the one of %s (%s, process %d) does not answer."
                .formatted(data, local.url(), local.pid());
    throw new CommandFailed(
        ExitCode.NOT_REACHABLE,
        "No server is reachable: %s Start one with `gatewright serve`, or sign in to one elsewhere with `gatewright login --url URL`."
            .formatted(why));
  }

  /// The environment's key goes to the environment's server alone.
  private static ServerAddress remote(String url, String named, Terminal terminal) {
    String key = terminal.environment().getOrDefault("GATEWRIGHT_ADMIN_KEY", "").strip();
    if (!key.isEmpty() && url.equals(named)) {
      return new ServerAddress(url, Secret.of(key));
    }
    Profile profile = Profiles.of(terminal).at(url);
    if (profile == null) {
      throw new CommandFailed(
          ExitCode.NOT_SIGNED_IN,
          "Not signed in to %s: gatewright login --url %s (or set GATEWRIGHT_URL and GATEWRIGHT_ADMIN_KEY)."
              .formatted(url, url));
    }
    return of(profile);
  }

  private static ServerAddress of(Profile profile) {
    return new ServerAddress(profile.url(), profile.key());
  }

  /// Without final slashes.
  public static String plain(String url) {
    return url.strip().replaceAll("/+$", "");
  }

  private static @Nullable ServerFile readLocal(Path data) {
    try {
      return ServerFile.read(data);
    } catch (IOException unreadable) {
      return null;
    }
  }
}
