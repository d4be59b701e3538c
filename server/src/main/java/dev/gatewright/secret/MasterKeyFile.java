package dev.gatewright.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `DATA/master.key`: the master key of a start without `GATEWRIGHT_MASTER_KEY`, mode 0600; and
/// beside it `master.key.old`, the one before a change.
public final class MasterKeyFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  public MasterKeyFile(Path dataFolder) {
    this(dataFolder, "master.key");
  }

  private MasterKeyFile(Path dataFolder, String name) {
    this.path = dataFolder.resolve(name);
  }

  /// The file of the key before.
  public static MasterKeyFile former(Path dataFolder) {
    return new MasterKeyFile(dataFolder, "master.key.old");
  }

  public Path path() {
    return path;
  }

  /// The key in the file, or null when there is no file.
  ///
  /// @throws UnusableMasterKey when others may read the file, or its content is no key
  public @Nullable MasterKey read() {
    try {
      if (!Files.exists(path)) {
        return null;
      }
      if (posix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
        throw new UnusableMasterKey(
            "%s may be read by others: %s (expected: rw-------; run chmod 600 on it)"
                .formatted(
                    path, PosixFilePermissions.toString(Files.getPosixFilePermissions(path))));
      }
      return MasterKey.of(Secret.of(Files.readString(path)), path.toString());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// Makes a key and its file, as [#write] does.
  public MasterKey create() {
    MasterKey key = MasterKey.random();
    write(key);
    return key;
  }

  /// Puts a key into the file in place of what is there, durable before this returns: whatever is
  /// encrypted with a key that was lost in a power cut is lost too. The file is whole at any time.
  public void write(MasterKey key) {
    Path half = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.deleteIfExists(half);
      if (posix()) {
        Files.createFile(half, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createFile(half);
      }
      try (FileChannel file = FileChannel.open(half, StandardOpenOption.WRITE)) {
        byte[] text = (key.text().expose() + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.wrap(text);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      Files.move(half, path, StandardCopyOption.ATOMIC_MOVE);
      forceFolder();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /// The name is durable with the folder it stands in, where the system lets a folder be opened.
  private void forceFolder() throws IOException {
    if (posix()) {
      try (FileChannel folder = FileChannel.open(path.toAbsolutePath().resolveSibling("."))) {
        folder.force(true);
      }
    }
  }

  private boolean posix() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
