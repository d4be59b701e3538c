package dev.gatewright.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder that holds what one installation owns: its database, master key, `server.json`. Mode
/// 0700, its files 0600, where the file system knows modes.
public final class DataFolder {
  private static final String LOCK_FILE = "lock";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE_OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /// Any of these tells that a folder is a data folder, or was made to be one.
  private static final Set<String> OUR_FILES =
      Set.of(LOCK_FILE, SqliteDatabase.FILE, "master.key", "gatewright.yaml");

  private final Path path;

  private DataFolder(Path path) {
    this.path = path;
  }

  /// Makes the folder if it is not there. One that is there is made private if it is ours; one that
  /// somebody else shares with us (as a Kubernetes volume) is taken as it is, since each of our
  /// files is private by itself.
  ///
  /// @throws Unusable with a sentence for the operator
  public static DataFolder of(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      if (!Files.exists(absolute)) {
        Files.createDirectories(absolute);
        if (posix(absolute)) {
          Files.setPosixFilePermissions(absolute, OWNER_ONLY);
        }
      } else if (!Files.isDirectory(absolute)) {
        throw new Unusable("The data folder %s is not a folder.".formatted(absolute));
      } else if (posix(absolute)) {
        makePrivate(absolute);
      }
    } catch (IOException e) {
      throw new Unusable(
          "The data folder %s cannot be made: %s.".formatted(absolute, reason(e)), e);
    }
    if (!Files.isWritable(absolute)) {
      throw new Unusable(
          "The data folder %s cannot be written by %s: give it to that user, or choose another folder with --data."
              .formatted(shown(absolute), System.getProperty("user.name")));
    }
    return new DataFolder(absolute);
  }

  private static void makePrivate(Path folder) throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
    if (mode.equals(OWNER_ONLY)) {
      return;
    }
    if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new Unusable(
          "The data folder %s can be written by everybody: choose another one with --data."
              .formatted(shown(folder)));
    }
    if (!ownedByUs(folder)) {
      return;
    }
    if (!ours(folder)) {
      throw new Unusable(
          "The data folder %s holds other things, and would have to be closed to everybody else: choose another one with --data, or make it 0700 yourself."
              .formatted(shown(folder)));
    }
    Files.setPosixFilePermissions(folder, OWNER_ONLY);
  }

  /// Our files are owned by whoever runs us, so a file made now tells who that is.
  private static boolean ownedByUs(Path folder) throws IOException {
    if (!Files.isWritable(folder)) {
      return false;
    }
    Path probe = Files.createTempFile(folder, ".owner-", "");
    try {
      return Files.getOwner(probe).equals(Files.getOwner(folder));
    } finally {
      Files.delete(probe);
    }
  }

  private static boolean ours(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> names = entries.map(entry -> entry.getFileName().toString()).toList();
      return names.isEmpty() || names.stream().anyMatch(OUR_FILES::contains);
    }
  }

  private static String shown(Path folder) {
    try {
      return "%s (owner %s, mode %s)"
          .formatted(
              folder,
              Files.getOwner(folder).getName(),
              PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    } catch (IOException | UnsupportedOperationException unknown) {
      return folder.toString();
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> e.getClass().getSimpleName();
    };
  }

  public Path path() {
    return path;
  }

  /// Where a file of this name stands; it need not exist.
  public Path file(String name) {
    return path.resolve(name);
  }

  /// Makes an empty file of mode 0600 if there is none; an existing file's mode is set to 0600. A
  /// link is never followed: somebody else may have laid it.
  ///
  /// @throws Unusable when it cannot be made, or is no plain file
  public Path privateFile(String name) {
    Path file = file(name);
    try {
      makePrivateFile(file);
    } catch (IOException e) {
      throw new Unusable("The file %s cannot be made: %s.".formatted(file, reason(e)), e);
    }
    return file;
  }

  private void makePrivateFile(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        if (posix(path)) {
          Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE_OWNER_ONLY));
        } else {
          Files.createFile(file);
        }
        return;
      } catch (FileAlreadyExistsException raced) {
        // Looked at like any other.
      }
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Unusable("%s is a link or no plain file: remove it.".formatted(file));
    }
    if (posix(path)) {
      Files.setPosixFilePermissions(file, FILE_OWNER_ONLY);
    }
  }

  /// Takes the folder for this process; closing gives it back, and so does this process's death.
  ///
  /// @throws InUse when another process has it
  public AutoCloseable lock() {
    Path file = privateFile(LOCK_FILE);
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
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
      throw new Unusable("The data folder %s cannot be locked: %s.".formatted(path, reason(e)), e);
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

  /// The folder cannot be used. The message is one sentence for the operator.
  public static class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String sentence) {
      super(sentence);
    }

    Unusable(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  /// Another process owns the folder.
  public static final class InUse extends Unusable {
    private static final long serialVersionUID = 1L;

    InUse(Path path, String pid) {
      super(
          "The data folder %s is in use by process %s: stop that Gatewright first, or choose another folder with --data."
              .formatted(path, pid.isEmpty() ? "(unknown)" : pid));
    }
  }
}
