package dev.gatewright.edge.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that is appended to and, once full, renamed to `name.1`, what was `name.1` to `name.2`,
/// and so on; the oldest is overwritten, so that all of them together have a bound. Confined to one
/// thread.
public final class RotatingFile implements AutoCloseable {
  private static final Set<OpenOption> OPTIONS =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND,
          LinkOption.NOFOLLOW_LINKS);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final long bytesMax;
  private final int files;
  private FileChannel channel;
  private long size;

  private RotatingFile(Path path, long bytesMax, int files, FileChannel channel, long size) {
    this.path = path;
    this.bytesMax = bytesMax;
    this.files = files;
    this.channel = channel;
    this.size = size;
  }

  /// @param bytesMax a file that would grow beyond this is rotated first
  /// @param files how many there are in all, at least 1
  public static RotatingFile open(Path path, long bytesMax, int files) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    FileChannel channel = channel(path);
    return new RotatingFile(path, bytesMax, files, channel, channel.size());
  }

  public void append(byte[] lines) throws IOException {
    if (size > 0 && size + lines.length > bytesMax) {
      rotate();
    }
    if (!channel.isOpen()) {
      channel = channel(path);
      size = channel.size();
    }
    ByteBuffer buffer = ByteBuffer.wrap(lines);
    try {
      while (buffer.hasRemaining()) {
        var _ = channel.write(buffer);
      }
      size += lines.length;
    } catch (IOException e) {
      // A disk that was full in the middle of a line must not leave half of one behind.
      channel.truncate(size);
      throw e;
    }
  }

  private void rotate() throws IOException {
    channel.close();
    for (int age = files - 1; age >= 1; age--) {
      Path younger = age == 1 ? path : numbered(age - 1);
      try {
        Files.move(younger, numbered(age), StandardCopyOption.REPLACE_EXISTING);
      } catch (NoSuchFileException e) {
        // Not that many files yet.
      }
    }
    if (files == 1) {
      Files.deleteIfExists(path);
    }
    channel = channel(path);
    size = channel.size();
  }

  private Path numbered(int age) {
    return path.resolveSibling(path.getFileName() + "." + age);
  }

  /// Readable by its owner alone; a link in its place is not followed.
  private static FileChannel channel(Path path) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return FileChannel.open(path, OPTIONS);
    }
    FileChannel channel =
        FileChannel.open(path, OPTIONS, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    // One that an older version made may be readable by others.
    Files.setPosixFilePermissions(path, OWNER_ONLY);
    return channel;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
