package dev.gatewright.edge.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One JSON line a request, in `access.log`, with older files behind it up to a bound. Event loops
/// hand over batches and never wait: when the disk is slower than the traffic, batches are dropped
/// and counted. Thread-safe.
public final class AccessLog implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(AccessLog.class);
  private static final long FILE_BYTES = 64L << 20;
  private static final int FILES = 5;
  private static final int WAITING_BATCHES_MAX = 256;
  private static final long CLOSE_MILLIS = 2000;

  private static final class Batch {
    private final byte[] lines;
    private final int count;

    private Batch(byte[] lines, int count) {
      this.lines = lines;
      this.count = count;
    }
  }

  private static final Batch STOP = new Batch(new byte[0], 0);

  private final @Nullable RotatingFile file;
  private final BlockingQueue<Batch> waiting = new ArrayBlockingQueue<>(WAITING_BATCHES_MAX);
  private final RequestCounts counts = new RequestCounts();
  private final LongAdder dropped = new LongAdder();
  private final @Nullable Thread writer;
  private boolean failing;

  private AccessLog(@Nullable RotatingFile file) {
    this.file = file;
    this.writer =
        file == null
            ? null
            : Thread.ofPlatform().daemon().name("access-log").start(() -> writeAll(file));
  }

  /// Writes `access.log` in `directory` and at most four older files of 64 MiB beside it.
  ///
  /// @throws IOException when the file cannot be opened
  public static AccessLog open(Path directory) throws IOException {
    return open(directory, FILE_BYTES, FILES);
  }

  public static AccessLog open(Path directory, long fileBytesMax, int files) throws IOException {
    return new AccessLog(RotatingFile.open(directory.resolve("access.log"), fileBytesMax, files));
  }

  /// Writes nothing.
  public static AccessLog none() {
    return new AccessLog(null);
  }

  /// The same requests, counted for metrics; also where nothing is written.
  public RequestCounts counts() {
    return counts;
  }

  boolean writes() {
    return file != null;
  }

  public void offer(byte[] lines, int count) {
    if (!waiting.offer(new Batch(lines, count))) {
      dropped.add(count);
    }
  }

  /// Lines that were never written because the disk was too slow or failed.
  public long droppedLines() {
    return dropped.sum();
  }

  private void writeAll(RotatingFile into) {
    try (into) {
      for (Batch batch = waiting.take(); batch != STOP; batch = waiting.take()) {
        write(into, batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOGGER.warn("access log: could not be closed: {}", e.getMessage());
    }
  }

  private void write(RotatingFile into, Batch batch) {
    try {
      into.append(batch.lines);
      failing = false;
    } catch (IOException e) {
      dropped.add(batch.count);
      if (!failing) {
        LOGGER.warn("access log: lines are being dropped: {}", e.getMessage());
      }
      failing = true;
    }
  }

  /// Writes what was handed over, waiting at most two seconds for the disk.
  @Override
  public void close() {
    Thread thread = writer;
    if (thread == null) {
      return;
    }
    try {
      if (!waiting.offer(STOP, CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        thread.interrupt();
      }
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
