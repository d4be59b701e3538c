package dev.gatewright.limit.count;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.secret.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where Redis is.
///
/// @param url for limits; null = each process counts its share
public record RedisConfig(@Nullable Secret url) {
  private static final Logger LOG = LoggerFactory.getLogger(RedisConfig.class);
  private static final Pattern FORM =
      Pattern.compile("rediss?://(?:[^@/?#]*@)?[^@/?#\\s]+(?:/[0-9]{1,4})?");

  /// Reads `redis-url` (`REDIS_URL`) and `cache-redis-url` (`CACHE_REDIS_URL`) from the root.
  public static RedisConfig from(Settings settings) {
    Secret cache = read(settings, "cache-redis-url", "CACHE_REDIS_URL");
    if (cache != null) {
      LOG.warn("CACHE_REDIS_URL is set and not used yet: there is no response cache");
    }
    return new RedisConfig(read(settings, "redis-url", "REDIS_URL"));
  }

  private static @Nullable Secret read(Settings settings, String path, String variable) {
    Secret url = settings.secret(path);
    if (url == null || url.isEmpty()) {
      return null;
    }
    // Without any part of it: it may hold a password.
    if (!FORM.matcher(url.expose()).matches()) {
      throw new InvalidSetting(
          variable
              + ": not an address of a Redis (expected: redis://user:password@host:6379/0, or"
              + " rediss:// for TLS)");
    }
    return url;
  }
}
