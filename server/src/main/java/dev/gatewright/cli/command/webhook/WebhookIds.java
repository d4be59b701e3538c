package dev.gatewright.cli.command.webhook;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.util.regex.Pattern;

/// Ids that are about to stand in a path.
final class WebhookIds {
  private static final Pattern WEBHOOK = Pattern.compile("whk_[0-9a-f]{32}");
  private static final Pattern DELIVERY = Pattern.compile("dlv_[0-9a-f]{32}");

  private WebhookIds() {}

  /// @throws CommandFailed when it is none
  static String path(String id) {
    if (!WEBHOOK.matcher(id).matches()) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s (expected: whk_…, as `webhooks list` shows it)".formatted(id));
    }
    return "/api/webhooks/" + id;
  }

  /// @throws CommandFailed when it is none
  static String delivery(String id) {
    if (!DELIVERY.matcher(id).matches()) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s (expected: dlv_…, as `webhooks deliveries` shows it)".formatted(id));
    }
    return id;
  }
}
