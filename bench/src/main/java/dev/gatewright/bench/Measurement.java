package dev.gatewright.bench;

import io.netty.channel.EventLoopGroup;
import java.util.Locale;

/// One target under one traffic for one turn. The turn ends when the target has done all it put
/// off: work that is only postponed would else fall into the turn of another.
///
/// @param cpuMicros of the proxy, per complete call; 0 for the direct way
/// @param compilerMicros how much of it a JVM's compilers took
/// @param rssBytes of the proxy at the end
record Measurement(
    String target,
    Traffic traffic,
    Load.Result load,
    double cpuMicros,
    double compilerMicros,
    long rssBytes) {

  static Measurement closed(
      EventLoopGroup group, Target target, Traffic traffic, int callers, double seconds)
      throws InterruptedException {
    Before before = Before.of(target);
    Load.Result load =
        Load.closed(group, target.ports(traffic), target.requests(traffic), callers, seconds);
    return of(target, traffic, load, before);
  }

  static Measurement open(
      EventLoopGroup group, Target target, Traffic traffic, int rate, double seconds)
      throws InterruptedException {
    Before before = Before.of(target);
    Load.Result load =
        Load.open(group, target.ports(traffic), target.requests(traffic), rate, seconds);
    return of(target, traffic, load, before);
  }

  /// What a target had taken when its turn began.
  record Before(long cpuMicros, long compilerMicros) {
    static Before of(Target target) {
      return new Before(target.cpuMicros(), target.compilerMicros());
    }
  }

  /// Ends a turn.
  static Measurement of(Target target, Traffic traffic, Load.Result load, Before before)
      throws InterruptedException {
    target.settle().await();
    double calls = Math.max(1, load.done());
    return new Measurement(
        target.name(),
        traffic,
        load,
        (target.cpuMicros() - before.cpuMicros()) / calls,
        (target.compilerMicros() - before.compilerMicros()) / calls,
        target.rssBytes());
  }

  /// CPU of a call once nothing is left to compile.
  double warmMicros() {
    return cpuMicros - compilerMicros;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-12s %-7s %9.0f/s  cpu %7.1f µs (compilers %5.1f)  p50 %7.2f ms  p99 %7.2f ms  rss %4d MB  failed %d",
        target,
        traffic,
        load.perSecond(),
        cpuMicros,
        compilerMicros,
        load.whole().quantile(0.5) / 1e6,
        load.whole().quantile(0.99) / 1e6,
        rssBytes >> 20,
        load.failed());
  }
}
