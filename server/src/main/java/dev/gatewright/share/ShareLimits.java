package dev.gatewright.share;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much of each thing one caller may have: the settings `limits.shares`. All but the last in
/// per cent of the whole.
///
/// @param heldBodies of `limits.held-bodies`, for one key
/// @param heldBodiesKeyless of the same, for one address whose key is not known yet
/// @param connections of `limits.connections`, for one address that is no trusted proxy
/// @param handOffs of the calls the portal answers at once, for one key or address
/// @param eventStreams of the streams of events that are open at once, for one organization and for
///   one address
/// @param sockets of a service's `sockets.max`, for one key
/// @param slots of the calls a service answers at once, for one key
/// @param uploadBytesPerSecond a body that comes more slowly than this is given up
public record ShareLimits(
    int heldBodies,
    int heldBodiesKeyless,
    int connections,
    int handOffs,
    int eventStreams,
    int sockets,
    int slots,
    long uploadBytesPerSecond) {
  public static final ShareLimits DEFAULT = new ShareLimits(50, 10, 50, 25, 25, 75, 75, 1 << 10);

  /// Nobody is held to less than all of it.
  public static final ShareLimits UNDIVIDED = new ShareLimits(100, 100, 100, 100, 100, 100, 100, 1);

  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3})%");
  private static final long UPLOAD_MAX = 1 << 20;

  /// Reads the mapping `limits.shares`.
  ///
  /// @throws InvalidSetting when it does not fit
  public static ShareLimits from(Settings shares) {
    long upload = shares.bytes("upload-rate", DEFAULT.uploadBytesPerSecond);
    if (upload < 1 || upload > UPLOAD_MAX) {
      throw new InvalidSetting(
          "%s.upload-rate: %d (expected: 1B to 1MiB, a second)".formatted(shares.path(), upload));
    }
    return new ShareLimits(
        percent(shares, "held-bodies", DEFAULT.heldBodies),
        percent(shares, "held-bodies-keyless", DEFAULT.heldBodiesKeyless),
        percent(shares, "connections", DEFAULT.connections),
        percent(shares, "hand-offs", DEFAULT.handOffs),
        percent(shares, "event-streams", DEFAULT.eventStreams),
        percent(shares, "sockets", DEFAULT.sockets),
        percent(shares, "slots", DEFAULT.slots),
        upload);
  }

  private static int percent(Settings shares, String key, int fallback) {
    String text = shares.text(key, fallback + "%");
    Matcher percent = PERCENT.matcher(text);
    int value = percent.matches() ? Integer.parseInt(percent.group(1)) : 0;
    if (value < 1 || value > 100) {
      throw new InvalidSetting(
          "%s.%s: %s (expected: 1%% to 100%%)".formatted(shares.path(), key, text));
    }
    return value;
  }

  /// So many per cent of `whole`, rounded down, but one at least.
  public static long of(long whole, int percent) {
    return Math.max(1, whole / 100 * percent + whole % 100 * percent / 100);
  }
}
