package dev.gatewright.key.migration;

import dev.gatewright.account.Tenant;
import dev.gatewright.config.Settings;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.ForeignFormat;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeysConfig;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.key.migration.file.KeyFile;
import dev.gatewright.key.migration.file.KeyFileContent;
import dev.gatewright.key.migration.file.KeyFileFormat;
import dev.gatewright.key.migration.file.RefusedRow;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves keys from another gate's json-map for as long as that gate writes it. The keys live in
/// memory alone, each process reading its own file; they belong to the platform owner's first
/// project. The file is compared by content, since times mislead on mounted folders; what cannot be
/// used leaves the last good copy in force. Thread-safe.
public final class KeyFileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFileWatch.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final long FILE_BYTES_MAX = 4 << 20;
  private static final int ROWS_TOLD_MAX = 20;

  /// Looks at the same fault before it is told: a writer may be half-way.
  private static final int FAULTS_BEFORE_TOLD = 2;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Path path;
  private final ForeignKeys keys;
  private final ImportedKey imported;
  private final Time time;
  private final CountDownLatch stop = new CountDownLatch(1);
  private byte[] seen = {};
  private int faults;
  private long lookedMillis;
  private volatile @Nullable String problem;

  private KeyFileWatch(Path path, Tenant owner, ForeignKeys keys, KeyPepper pepper, Time time) {
    this.path = path;
    this.keys = keys;
    this.imported = new ImportedKey(owner, ApiKey.Origin.FILE, "file", pepper);
    this.time = time;
    this.lookedMillis = time.millis();
  }

  /// Reads the file and begins to watch it; null when none is configured.
  ///
  /// @param owner whose the file's keys are
  /// @throws Settings.InvalidSetting when the file is missing, others may read it, or it is no
  ///   json-map: a start must not let fewer people in than the operator means
  public static @Nullable KeyFileWatch start(
      KeysConfig config, Tenant owner, ForeignKeys keys, KeyPepper pepper, Time time) {
    Path path = config.watch();
    if (path == null) {
      return null;
    }
    KeyFileWatch watch = new KeyFileWatch(path, owner, keys, pepper, time);
    switch (watch.read()) {
      case Look.Fault fault -> throw new Settings.InvalidSetting("keys.watch: " + fault.reason());
      case Look.Bytes bytes -> {
        String fault = watch.apply(bytes);
        if (fault != null) {
          throw new Settings.InvalidSetting("keys.watch: " + fault);
        }
      }
    }
    Thread.ofPlatform().daemon().name("key-file").start(watch::run);
    return watch;
  }

  /// Why the file as it is now is not in force; null when it is.
  public @Nullable String problem() {
    return problem;
  }

  private sealed interface Look {
    @SuppressWarnings("ArrayRecordComponent") // compared by its digest, never by equals
    record Bytes(byte[] text) implements Look {}

    /// @param reason for the operator; holds nothing of the file
    record Fault(String reason) implements Look {}
  }

  private Look read() {
    try {
      if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (mode.stream().anyMatch(OTHERS::contains)) {
          return new Look.Fault(
              "%s may be read or written by others: %s (expected: rw-------; run chmod 600 on it)"
                  .formatted(path, PosixFilePermissions.toString(mode)));
        }
      }
      if (Files.size(path) > FILE_BYTES_MAX) {
        return new Look.Fault("%s is larger than 4 MiB (expected: import it)".formatted(path));
      }
      return new Look.Bytes(Files.readAllBytes(path));
    } catch (NoSuchFileException missing) {
      return new Look.Fault("%s does not exist".formatted(path));
    } catch (IOException unreadable) {
      return new Look.Fault("%s cannot be read".formatted(path));
    }
  }

  /// Puts a content in force; else says why not.
  private @Nullable String apply(Look.Bytes bytes) {
    String text = new String(bytes.text(), StandardCharsets.UTF_8);
    switch (KeyFile.read(text, KeyFileFormat.JSON_MAP)) {
      case KeyFile.Read.Unreadable unreadable -> {
        return "%s: %s".formatted(path, unreadable.message());
      }
      case KeyFile.Read.Good good -> {
        keys.replaceFile(keys(good.content()));
        seen = ForeignFormat.sha256(bytes.text());
        return null;
      }
    }
  }

  /// A row that cannot be used lets nobody in, and is told; the others are in force.
  private List<StoredKey> keys(KeyFileContent content) {
    Instant now = time.instant();
    List<StoredKey> stored = new ArrayList<>();
    List<RefusedRow> refused = new ArrayList<>(content.refused());
    for (ImportRow row : content.rows()) {
      switch (imported.of(row, now)) {
        case ImportedKey.Checked.Good good -> stored.add(good.key());
        case ImportedKey.Checked.Wrong wrong ->
            refused.add(new RefusedRow(row.line(), ImportRow.prefix(row.key()), wrong.reason()));
      }
    }
    refused.stream()
        .limit(ROWS_TOLD_MAX)
        .forEach(row ->
            LOG.warn(
                "{}: line {} ({}) is refused: {}", path, row.line(), row.prefix(), row.reason()));
    LOG.info("{}: {} keys in force, {} rows refused", path, stored.size(), refused.size());
    return stored;
  }

  private void run() {
    try {
      while (!stop.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          look();
        } catch (RuntimeException bug) {
          LOG.error("{}: could not be looked at", path, bug);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /// One look at the file, and at whose time is over.
  synchronized void look() {
    long now = time.millis();
    keys.tellExpired(lookedMillis, now);
    lookedMillis = now;
    String fault =
        switch (read()) {
          case Look.Fault unusable -> unusable.reason();
          case Look.Bytes bytes ->
              MessageDigest.isEqual(ForeignFormat.sha256(bytes.text()), seen) ? null : apply(bytes);
        };
    if (fault == null) {
      faults = 0;
      problem = null;
    } else if (++faults >= FAULTS_BEFORE_TOLD && !fault.equals(problem)) {
      LOG.error("{} (the last good copy stays in force)", fault);
      problem = fault;
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
