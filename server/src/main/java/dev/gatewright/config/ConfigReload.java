package dev.gatewright.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies an edited configuration file without a restart. The file is compared by content, because
/// times and inodes mislead on mounted folders. Either every consumer accepts the new settings and
/// all apply them, or the last good ones stay and the log and [#problem()] say why.
///
/// What takes a restart is judged as well, and said. Thread-safe.
public final class ConfigReload implements AutoCloseable {
  /// What running calls can do without a restart; all else is read by a new start only.
  private static final Set<String> RELOADED =
      Set.of("providers", "models", "services", "cors", "sites", "auth");

  private static final Comparator<ConfigEntry> ORDER =
      Comparator.<ConfigEntry>comparingInt(
              entry -> entry.line() == 0 ? Integer.MAX_VALUE : entry.line())
          .thenComparing(ConfigEntry::key);
  private static final Pattern END_OF_FIRST = Pattern.compile("[.\\[]");
  private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

  private final ConfigSources sources;
  private final Duration poll;
  private final List<Function<Settings, Runnable>> consumers = new CopyOnWriteArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final @Nullable Thread watcher;
  private final Settings first;
  private String seen;
  private Settings good;
  private volatile @Nullable String problem;

  /// @param first what `sources` said at the start; its known keys stay known
  /// @param poll how often the file is looked at
  public ConfigReload(ConfigSources sources, Settings first, Duration poll) {
    this.sources = sources;
    this.poll = poll;
    this.first = first;
    this.good = first;
    this.seen = sources.content();
    this.watcher =
        sources.file() == null
            ? null
            : Thread.ofPlatform().daemon().name("config-reload").unstarted(this::watch);
  }

  /// Registers a consumer. `prepare` reads new settings, throws [Settings.InvalidSetting] when they
  /// do not fit, and returns what puts them in force.
  public void register(Function<Settings, Runnable> prepare) {
    consumers.add(prepare);
  }

  public void start() {
    if (watcher != null) {
      watcher.start();
    }
  }

  /// Why the file as it is now is not in force; null when it is.
  public @Nullable String problem() {
    return problem;
  }

  /// The file; null = there is none.
  public @Nullable Path file() {
    return sources.file();
  }

  /// Every setting as it is in force now: what takes a restart as it was at the start. In the order
  /// of the file, then what it does not say.
  public List<ConfigEntry> inForce() {
    return Stream.concat(
            entries(latest()).filter(entry -> reloaded(entry.key())),
            entries(first).filter(entry -> !reloaded(entry.key())))
        .sorted(ORDER)
        .toList();
  }

  /// What the file says otherwise by now, but a restart alone puts in force.
  public List<String> waiting() {
    return latest() instanceof TreeSettings now && first instanceof TreeSettings before
        ? now.changedSince(before).stream().filter(key -> !RELOADED.contains(key)).toList()
        : List.of();
  }

  private synchronized Settings latest() {
    return good;
  }

  private static Stream<ConfigEntry> entries(Settings settings) {
    return settings instanceof TreeSettings tree ? tree.entries().stream() : Stream.of();
  }

  private static boolean reloaded(String key) {
    return RELOADED.contains(END_OF_FIRST.split(key, 2)[0]);
  }

  /// Looks at the file once; true when an edit was put in force.
  public synchronized boolean look() {
    String now;
    try {
      now = sources.content();
    } catch (Settings.InvalidSetting unreadable) {
      // An editor that replaces the file removes it for a moment; only a lasting absence matters.
      return false;
    }
    if (now.equals(seen)) {
      return false;
    }
    seen = now;
    try {
      apply(sources.load());
      problem = null;
      LOG.info("{}: the edit is in force", sources.file());
      return true;
    } catch (Settings.InvalidSetting invalid) {
      problem = invalid.getMessage();
      LOG.error(
          "{} (the edit is ignored, the last good configuration stays)", invalid.getMessage());
      return false;
    }
  }

  private void apply(Settings settings) {
    List<Runnable> ready = new ArrayList<>();
    for (Function<Settings, Runnable> consumer : consumers) {
      ready.add(consumer.apply(settings));
    }
    settings.rejectUnknown();
    ready.forEach(Runnable::run);
    if (settings instanceof TreeSettings now && good instanceof TreeSettings before) {
      for (String key : now.changedSince(before)) {
        if (!RELOADED.contains(key)) {
          LOG.warn("{}: a change of `{}` takes a restart", sources.file(), key);
        }
      }
    }
    good = settings;
  }

  private void watch() {
    try {
      while (!stop.await(poll.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          if (settled()) {
            look();
          }
        } catch (RuntimeException bug) {
          LOG.error("{}: reload failed", sources.file(), bug);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /// False while the file is being written: an editor that truncates it first must not make this
  /// server forget its providers for a second.
  private boolean settled() throws InterruptedException {
    try {
      String before = sources.content();
      return !stop.await(Math.min(100, poll.toMillis()), TimeUnit.MILLISECONDS)
          && before.equals(sources.content());
    } catch (Settings.InvalidSetting unreadable) {
      return false;
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
