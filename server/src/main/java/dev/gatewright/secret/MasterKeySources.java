package dev.gatewright.secret;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the master keys of a start come from: the environment, else files of the data folder.
///
/// @param given the value of `GATEWRIGHT_MASTER_KEY`; null = not set
/// @param former the value of `GATEWRIGHT_MASTER_KEY_OLD`, the key before a change; null = not set
/// @param files false where several machines share a store: a file would be one machine's
public record MasterKeySources(
    Path dataFolder, @Nullable Secret given, @Nullable Secret former, boolean files) {
  public static final String VARIABLE = "GATEWRIGHT_MASTER_KEY";
  public static final String FORMER_VARIABLE = "GATEWRIGHT_MASTER_KEY_OLD";

  public MasterKeyFile file() {
    return new MasterKeyFile(dataFolder);
  }

  /// The master key stands in `DATA/master.key`, and the gate may make a new one there.
  public boolean ownFile() {
    return given == null && files;
  }

  /// What names the place of the current key in messages.
  public String place() {
    return ownFile() ? file().path().toString() : VARIABLE;
  }

  /// The current key; null when there is none anywhere.
  ///
  /// @throws UnusableMasterKey when what is there is no key
  public @Nullable MasterKey current() {
    if (given != null) {
      return MasterKey.of(given, VARIABLE);
    }
    return files ? file().read() : null;
  }

  /// The current key, then all others that are at hand: what is wrapped may still need them.
  ///
  /// @throws UnusableMasterKey when what is there is no key
  public List<MasterKey> all() {
    List<MasterKey> all = new ArrayList<>();
    add(all, current());
    add(all, former == null ? null : MasterKey.of(former, FORMER_VARIABLE));
    if (ownFile()) {
      add(all, MasterKeyFile.former(dataFolder).read());
    }
    return all;
  }

  private static void add(List<MasterKey> to, @Nullable MasterKey key) {
    if (key != null) {
      to.add(key);
    }
  }
}
