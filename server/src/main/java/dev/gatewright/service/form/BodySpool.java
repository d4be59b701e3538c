package dev.gatewright.service.form;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Where uploads wait on disk when the field that decides on them comes behind the file. A file is
/// of mode 0600 and loses its name as soon as it is open, so nothing is left of it, however this
/// process ends; what a system that cannot do that leaves behind goes at the next start.
/// Thread-safe.
public final class BodySpool implements AutoCloseable {
  /// Over all uploads at once.
  static final long BYTES_MAX = 8L << 30;

  private static final int THREADS = 2;
  private static final String PREFIX = "upload-";

  private final Path folder;
  private final long bytesMax;
  private final ExecutorService[] threads = new ExecutorService[THREADS];
  private final AtomicInteger nextThread = new AtomicInteger();
  private final AtomicInteger nextName = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /// @param folder made when it is first needed; what an earlier process left in it is deleted
  public BodySpool(Path folder) {
    this(folder, BYTES_MAX);
  }

  BodySpool(Path folder, long bytesMax) {
    this.folder = folder;
    this.bytesMax = bytesMax;
    clear();
    ThreadFactory named = Thread.ofPlatform().daemon().name("upload-spool-", 0).factory();
    for (int i = 0; i < THREADS; i++) {
      threads[i] = Executors.newSingleThreadExecutor(named);
    }
  }

  private void clear() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("uploads left in %s cannot be deleted".formatted(folder), e);
    }
  }

  /// The thread a new file's work is done on, in its order; nothing of it blocks an event loop.
  Executor thread() {
    return threads[Math.floorMod(nextThread.getAndIncrement(), THREADS)];
  }

  boolean tryAcquire(long more) {
    if (bytes.addAndGet(more) <= bytesMax) {
      return true;
    }
    bytes.addAndGet(-more);
    return false;
  }

  void release(long fewer) {
    bytes.addAndGet(-fewer);
  }

  /// Bytes that wait on disk.
  long bytes() {
    return bytes.get();
  }

  /// A file to write to and read from that is gone when it is closed. Blocks.
  FileChannel open() throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    Files.createDirectories(folder, posix ? modes("rwx------") : new FileAttribute<?>[0]);
    Path file =
        folder.resolve(
            PREFIX
                + Long.toHexString(System.identityHashCode(this))
                + "-"
                + Integer.toHexString(nextName.getAndIncrement()));
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE),
            posix ? modes("rw-------") : new FileAttribute<?>[0]);
    if (posix) {
      Files.deleteIfExists(file);
    }
    return channel;
  }

  private static FileAttribute<?>[] modes(String modes) {
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(modes))
    };
  }

  @Override
  public void close() {
    for (ExecutorService thread : threads) {
      thread.shutdown();
    }
    // What was begun is deleted before the loops it reports to go away; a disk that hangs must not
    // hold up the stop.
    try {
      for (ExecutorService thread : threads) {
        thread.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
