package dev.gatewright.bench;

import dev.gatewright.store.Database;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What calls by the clock notice while `gatewright backup` copies the store, again and again: p99
/// beside p99 without, in turns.
final class BackupLoad {
  private final Options options;
  private final Path folder;
  private final GateUnderLoad gate;
  private final EventLoopGroup group;
  private final List<String> lines = new ArrayList<>();

  private BackupLoad(Options options, Path folder, GateUnderLoad gate, EventLoopGroup group) {
    this.options = options;
    this.folder = folder;
    this.gate = gate;
    this.group = group;
  }

  /// @return Markdown
  static List<String> measure(
      Options options, Path folder, MockProvider mock, EventLoopGroup group, Database.Kind kind)
      throws IOException, InterruptedException, SQLException {
    try (GateOnStore on = GateOnStore.start(options, folder, mock, kind)) {
      return new BackupLoad(options, folder, on.gate(), group).measured(on.store());
    }
  }

  private List<String> measured(StoreConfig store)
      throws IOException, InterruptedException, SQLException {
    String key = gate.mint();
    gate.whileStopped(() -> fill(store));
    Target target = gate.target("gatewright", key);
    open(target, options.warmupSeconds());
    lines.add("| | p50 ms | p99 ms | slowest ms | failed | copies |");
    lines.add("|---|--:|--:|--:|--:|--:|");
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      double without = noted("without", open(target, options.seconds()), 0);
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger copies = new AtomicInteger();
      Thread copying = Thread.ofPlatform().start(() -> copyAgain(over, copies));
      Load.Result load = open(target, options.seconds());
      over.set(true);
      copying.join();
      ratios.add(noted("while it copies", load, copies.get()) / without);
    }
    lines.add("");
    lines.add(
        "- p99 while it copies is %.2f × that without (median of %d rounds)"
            .formatted(Report.median(ratios), ratios.size()));
    lines.add("- the last copy: %,d MB".formatted(Files.size(folder.resolve("gate.backup")) >> 20));
    return lines;
  }

  private Load.Result open(Target target, double seconds) throws InterruptedException {
    return Measurement.open(group, target, Traffic.SMALL, options.openRate(), seconds).load();
  }

  private double noted(String what, Load.Result load, int copies) {
    double p99 = load.whole().quantile(0.99) / 1e6;
    lines.add(
        "| %s | %.1f | %.1f | %.1f | %d | %d |"
            .formatted(
                what,
                load.whole().quantile(0.5) / 1e6,
                p99,
                load.whole().quantile(1) / 1e6,
                load.failed(),
                copies));
    System.err.println(lines.getLast());
    return p99;
  }

  /// One is always under way.
  private void copyAgain(AtomicBoolean over, AtomicInteger copies) {
    try {
      do {
        gate.command("backup", folder.resolve("gate.backup").toString());
        copies.incrementAndGet();
      } while (!over.get());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void fill(StoreConfig store) {
    try (Database database = Stores.open(store, Time.system())) {
      new UsageFill(
              database, UsageFill.first(database), options.usageRows(), System.currentTimeMillis())
          .run();
    }
  }
}
