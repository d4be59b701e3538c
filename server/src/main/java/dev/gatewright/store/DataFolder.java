package dev.gatewright.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The folder that holds what one installation owns: its database, master key, `server.json`. Mode
/// 0700, its files 0600, where the file system knows modes.
public final class DataFolder {
  private static final String LOCK_FILE = "lock";

  private final Path path;

  private DataFolder(Path path) {
    this.path = path;
  }

  /// Makes the folder if it is not there.
  ///
  /// @throws UncheckedIOException when it cannot be made or its mode cannot be set
  public static DataFolder of(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      if (posix(absolute)) {
        Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("data folder %s cannot be made".formatted(absolute), e);
    }
    return new DataFolder(absolute);
  }

  public Path path() {
    return path;
  }

  /// Where a file of this name stands; it need not exist.
  public Path file(String name) {
    return path.resolve(name);
  }

  /// Makes an empty file of mode 0600 if there is none; an existing file's mode is set to 0600.
  public Path privateFile(String name) {
    Path file = file(name);
    try {
      try {
        if (posix(path)) {
          var mode = PosixFilePermissions.fromString("rw-------");
          Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
        } else {
          Files.createFile(file);
        }
      } catch (FileAlreadyExistsException _) {
        if (posix(path)) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("file %s cannot be made".formatted(file), e);
    }
    return file;
  }

  /// Takes the folder for this process; closing gives it back, and so does this process's death.
  ///
  /// @throws InUse when another process has it
  public AutoCloseable lock() {
    Path file = privateFile(LOCK_FILE);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String owner = Files.readString(file).strip();
        channel.close();
        throw new InUse(path, owner);
      }
      // The pid is for the words of a refusal only; the lock itself is the kernel's.
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException("data folder %s cannot be locked".formatted(path), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// Another process owns the folder. The message is one sentence for the operator.
  public static final class InUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InUse(Path path, String pid) {
      super(
          "The data folder %s is in use by process %s: stop that Gatewright first, or choose another folder with --data."
              .formatted(path, pid.isEmpty() ? "(unknown)" : pid));
    }
  }
}
