package dev.gatewright;

import dev.gatewright.admission.JwtAdmission;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.jwt.JwtTokens;
import dev.gatewright.limit.Limits;
import dev.gatewright.oauth.AccessTokens;
import dev.gatewright.price.fare.Pricer;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;

/// Who may call, with what, and how much: the wiring of it. Immutable.
record WayIn(Limits limits, AccessTokens granted, JwtTokens tokens, KeyAdmission admission) {
  /// @param closing closes all but the granted tokens, which hold nothing
  static WayIn start(
      Database database,
      ChangeFeed feed,
      Keyring keyring,
      Keys keys,
      Money money,
      ServerConfig config,
      Closing closing,
      Time time) {
    Database lookUps = database.on(Lane.LOOK_UPS);
    String platform = keys.first().owner().organizationId();
    Limits limits =
        closing.add(
            Limits.start(
                lookUps,
                feed,
                platform,
                money.ledger()::replicas,
                new Pricer(money.prices()::book),
                config.redis().url(),
                time));
    AccessTokens granted = new AccessTokens(keyring, time);
    JwtTokens tokens = closing.add(new JwtTokens(config.jwt(), lookUps, feed, platform, time));
    KeyAdmission admission =
        closing.add(
            new KeyAdmission(
                keys.directory(),
                new JwtAdmission(tokens, keys.directory(), keys.policies()),
                granted,
                limits,
                feed,
                time));
    return new WayIn(limits, granted, tokens, admission);
  }
}
