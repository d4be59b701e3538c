package dev.gatewright.credential;

import dev.gatewright.Credentials;
import dev.gatewright.key.TestKeys;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.KeyringStart;
import java.nio.file.Path;

/// Stored credentials of one process, over a test's database and its keys.
public final class TestCredentials {
  private TestCredentials() {}

  public static Credentials over(TestKeys keys) {
    return Credentials.of(keys.database, keys.feed, keys.keys.audit(), keyring(keys), keys.time);
  }

  public static Keyring keyring(TestKeys keys) {
    return KeyringStart.open(
        keys.database,
        new MasterKeySources(Path.of("nowhere"), TestKeys.MASTER, null, false),
        keys.time);
  }
}
