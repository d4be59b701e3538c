package dev.gatewright.key;

import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.MasterKeyFile;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.UnusableMasterKey;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Finds the master key of this start and proves it against the database, before anything is
/// derived from it: with a wrong one every key would be refused and every new one lost.
public final class MasterKeyCheck {
  private static final String VARIABLE = "GATEWRIGHT_MASTER_KEY";

  private MasterKeyCheck() {}

  /// The master key: `GATEWRIGHT_MASTER_KEY` if given, else `DATA/master.key`, made by the first
  /// start on SQLite. Blocks.
  ///
  /// @param given the value of `GATEWRIGHT_MASTER_KEY`; null = not set
  /// @throws UnusableMasterKey with a sentence for the operator: none given with PostgreSQL, lost,
  ///   malformed, or not the one this database was made with
  public static MasterKey open(
      Database database, Path dataFolder, @Nullable Secret given, Time time) {
    MasterKeyFile file = new MasterKeyFile(dataFolder);
    String source = given == null ? file.path().toString() : VARIABLE;
    MasterKey key = given == null ? fromFile(database, file) : MasterKey.of(given, VARIABLE);
    String proof = proof(key);
    String kept = database.write(handle -> MasterKeyStore.keep(handle, proof, time.millis()));
    if (!MessageDigest.isEqual(bytes(kept), bytes(proof))) {
      throw new UnusableMasterKey(
          "%s is not the master key this database was made with. Nothing was changed; start with"
                  .formatted(source)
              + " the former key.");
    }
    return key;
  }

  private static MasterKey fromFile(Database database, MasterKeyFile file) {
    if (database.kind() == Database.Kind.POSTGRES) {
      // Replicas share the database, so they must share the key; a file would be one machine's.
      throw new UnusableMasterKey(
          VARIABLE
              + " is not set (expected with PostgreSQL: 32 random bytes as base64url, the same for"
              + " every replica)");
    }
    MasterKey found = file.read();
    if (found != null) {
      return found;
    }
    if (database.read(MasterKeyStore::proof).isPresent()) {
      throw new UnusableMasterKey(
          "%s is missing, but the database holds keys made with it. Put it back from a backup, or"
                  .formatted(file.path())
              + " set "
              + VARIABLE
              + " to its content.");
    }
    return file.create();
  }

  private static String proof(MasterKey key) {
    byte[] derived = key.derive("gatewright/master-key-proof/v1", "HmacSHA256").getEncoded();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(derived);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
