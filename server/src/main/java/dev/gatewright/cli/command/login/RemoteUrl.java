package dev.gatewright.cli.command.login;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Addresses of servers elsewhere. A key goes over plain HTTP to this machine and to private
/// networks only.
final class RemoteUrl {
  private RemoteUrl() {}

  /// @throws CommandFailed when it is none, or anybody on the way could read the key
  static URI checked(String text) {
    URI url;
    try {
      url = new URI(text.strip());
    } catch (URISyntaxException notUrl) {
      throw wrong(text);
    }
    boolean known = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!known
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw wrong(text);
    }
    if (url.getScheme().equals("http") && !near(url.getHost())) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--url: %s (expected: https://…; plain HTTP is for this machine and private networks)"
              .formatted(text));
    }
    return url;
  }

  private static CommandFailed wrong(String text) {
    return new CommandFailed(
        ExitCode.USAGE,
        "--url: %s (expected: scheme, host and port, such as https://gate.example.com)"
            .formatted(text));
  }

  private static boolean near(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(RemoteUrl::near);
    } catch (UnknownHostException nowhere) {
      throw new CommandFailed(
          ExitCode.NOT_REACHABLE, "%s is not known by this machine's resolver.".formatted(host));
    }
  }

  private static boolean near(InetAddress address) {
    boolean uniqueLocal =
        address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || uniqueLocal;
  }

  /// What this machine calls itself.
  static String ownName(Terminal terminal) {
    String named =
        terminal
            .environment()
            .getOrDefault("HOSTNAME", terminal.environment().getOrDefault("COMPUTERNAME", ""));
    if (!named.isEmpty()) {
      return named;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "";
    }
  }
}
