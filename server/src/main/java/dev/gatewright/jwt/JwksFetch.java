package dev.gatewright.jwt;

import dev.gatewright.net.Cidr;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.fetch.Fetch.Fetched;
import dev.gatewright.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Brings an issuer's keys through the checked dialer: an address that is private is dialled only
/// where `network.allow` opens it, or where the setting names this machine. Thread-safe.
public final class JwksFetch implements Function<BaseUrl, @Nullable String> {
  private static final long MILLIS_MAX = 2_000;
  private static final int BYTES_MAX = 50 << 10;
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2));

  private final Fetch fetch;
  private final DialRules rules;

  /// @param allowed `network.allow`
  public JwksFetch(Fetch fetch, List<Cidr> allowed) {
    this.fetch = fetch;
    this.rules = new DialRules(false, allowed);
  }

  @Override
  public @Nullable String apply(BaseUrl url) {
    Fetched fetched =
        fetch.send(
            new Fetch.Request(
                url.origin(),
                JwtIssuer.loopback(url) ? DialRules.ALLOW_PRIVATE : rules,
                "GET",
                url.path().isEmpty() ? "/" : url.path(),
                Map.of(
                    "accept", Secret.of("application/json"),
                    "user-agent", Secret.of("gatewright")),
                null,
                TIMEOUTS,
                MILLIS_MAX,
                BYTES_MAX));
    return fetched instanceof Fetched.Answer answer && answer.status() == 200
        ? answer.body()
        : null;
  }
}
