package dev.gatewright.bench;

import io.netty.channel.EventLoopGroup;
import java.util.Locale;

/// One target under one traffic for one turn. The turn ends when the target has done all it put
/// off: work that is only postponed would else fall into the turn of another.
///
/// @param cpuMicros of the proxy, per complete call; 0 for the direct way
/// @param rssBytes of the proxy at the end
record Measurement(
    String target, Traffic traffic, Load.Result load, double cpuMicros, long rssBytes) {

  static Measurement closed(
      EventLoopGroup group, Target target, Traffic traffic, int callers, double seconds)
      throws InterruptedException {
    long before = target.cpuMicros();
    Load.Result load =
        Load.closed(group, target.ports(traffic), target.requests(traffic), callers, seconds);
    return of(target, traffic, load, before);
  }

  static Measurement open(
      EventLoopGroup group, Target target, Traffic traffic, int rate, double seconds)
      throws InterruptedException {
    long before = target.cpuMicros();
    Load.Result load =
        Load.open(group, target.ports(traffic), target.requests(traffic), rate, seconds);
    return of(target, traffic, load, before);
  }

  private static Measurement of(
      Target target, Traffic traffic, Load.Result load, long cpuMicrosBefore)
      throws InterruptedException {
    target.settle().await();
    long cpu = target.cpuMicros() - cpuMicrosBefore;
    return new Measurement(
        target.name(), traffic, load, (double) cpu / Math.max(1, load.done()), target.rssBytes());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-12s %-7s %9.0f/s  cpu %7.1f µs  p50 %7.2f ms  p99 %7.2f ms  rss %4d MB  failed %d",
        target,
        traffic,
        load.perSecond(),
        cpuMicros,
        load.whole().quantile(0.5) / 1e6,
        load.whole().quantile(0.99) / 1e6,
        rssBytes >> 20,
        load.failed());
  }
}
