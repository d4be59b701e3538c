package dev.gatewright.service.config;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import java.time.Duration;

/// How much of a backend one request body may ask for. Keys with the service's manage scope are not
/// bound; what a body does not ask for is the backend's own affair.
///
/// @param keepAlive how long a model may be kept in memory after the call (`keep_alive`, `ttl`)
/// @param contextTokens the largest context window a body may set up
/// @param outputTokens the largest output cap; a cap "without end" counts as more
/// @param choices answers to one prompt
/// @param imageSide pixels
/// @param imageSteps sampling steps
/// @param images pictures in one call
public record BodyBounds(
    Duration keepAlive,
    long contextTokens,
    long outputTokens,
    long choices,
    long imageSide,
    long imageSteps,
    long images) {
  public static final BodyBounds DEFAULT =
      new BodyBounds(Duration.ofHours(1), 32_768, 32_768, 8, 2_048, 150, 16);

  /// Reads a service's mapping `bounds`.
  ///
  /// @throws InvalidSetting when it does not fit
  public static BodyBounds from(Settings bounds) {
    Duration keepAlive = bounds.duration("keep-alive", DEFAULT.keepAlive);
    if (keepAlive.isNegative()) {
      throw new InvalidSetting(bounds.path() + ".keep-alive: " + keepAlive + " (expected: ≥ 0s)");
    }
    return new BodyBounds(
        keepAlive,
        positive(bounds, "num-ctx", DEFAULT.contextTokens),
        positive(bounds, "num-predict", DEFAULT.outputTokens),
        positive(bounds, "choices", DEFAULT.choices),
        positive(bounds, "image-side", DEFAULT.imageSide),
        positive(bounds, "image-steps", DEFAULT.imageSteps),
        positive(bounds, "images", DEFAULT.images));
  }

  private static long positive(Settings bounds, String key, long fallback) {
    return bounds.integer(key, (int) fallback, 1, Integer.MAX_VALUE);
  }
}
