package dev.gatewright.bench;

import dev.gatewright.bench.Options.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Turns measurements into the Markdown that is printed and kept. Every figure is the median over
/// the rounds; a ratio is the median of the ratios within each round.
final class Report {
  private final StringBuilder text = new StringBuilder();

  Report(String title) {
    text.append("# ").append(title).append("\n\n");
  }

  Report line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /// A table for each part that was measured.
  Report tables(Map<Part, List<Measurement>> measured, int openRate) {
    measured.forEach((part, all) -> {
      switch (part) {
        case SMALL -> table("Closed loop: " + Traffic.SMALL.title(), Traffic.SMALL, all);
        case STREAM -> table("Closed loop: " + Traffic.STREAM.title(), Traffic.STREAM, all);
        case SERVICE -> table("Closed loop: " + Traffic.SERVICE.title(), Traffic.SERVICE, all);
        case DOORS ->
            table("Closed loop: small chat with a token, at a site", Traffic.SMALL, all)
                .adds("a token and a site", "token at a site", all);
        case OPEN ->
            table("Open loop, %,d calls/s: small chat".formatted(openRate), Traffic.SMALL, all);
        case ADDED ->
            table("Open loop, 500 calls/s, provider takes 20 ms", Traffic.SMALL, all).added(all);
        case SUSTAINED -> table("60 s at a stretch: small chat", Traffic.SMALL, all);
        case REPLICAS -> table("Three replicas on PostgreSQL: small chat", Traffic.SMALL, all);
        case LAYERS ->
            table("Four layers of rules and a stored credential: small chat", Traffic.SMALL, all)
                .adds("four layers and a stored credential", "four layers, stored credential", all);
        case LISTS, SCALE, BACKUP, FORGED -> {
          // They have tables of their own: see Lists, Scale, BackupLoad and ForgedTokens.
        }
        case H2 ->
            table(
                "HTTP/2 over TLS, %d at once on each of %d connections (h2load): small chat"
                    .formatted(H2Load.STREAMS, H2Load.CONNECTIONS),
                Traffic.SMALL,
                all);
        case LONG -> transfers(Traffic.LONG.title(), all);
      }
    });
    return this;
  }

  /// What something adds to a plain call, within each round.
  private Report adds(String what, String target, List<Measurement> all) {
    List<Measurement> with = of(all, target, Traffic.SMALL);
    List<Measurement> plain = of(all, "gatewright", Traffic.SMALL);
    List<Measurement> nginx = of(all, "nginx", Traffic.SMALL);
    List<Double> added = new ArrayList<>();
    for (int i = 0; i < with.size(); i++) {
      added.add((with.get(i).warmMicros() - plain.get(i).warmMicros()) / nginx.get(i).cpuMicros());
    }
    return line(
        "\n%s add %+.2f × nginx, without compilers (median of %d rounds: %s)"
            .formatted(
                what,
                median(added),
                added.size(),
                added.stream()
                    .sorted()
                    .map(each -> "%+.2f".formatted(each))
                    .collect(Collectors.joining(" "))));
  }

  /// What each way adds to the direct one, by the medians.
  private Report added(List<Measurement> all) {
    for (double quantile : new double[] {0.5, 0.99}) {
      double direct = latency(all, "direct", quantile);
      line(
          "\nadded p%.0f: nginx %.2f ms, gatewright %.2f ms"
              .formatted(
                  quantile * 100,
                  latency(all, "nginx", quantile) - direct,
                  latency(all, "gatewright", quantile) - direct));
    }
    return this;
  }

  private static double latency(List<Measurement> all, String target, double quantile) {
    return median(of(all, target, Traffic.SMALL), m -> m.load().whole().quantile(quantile) / 1e6);
  }

  /// A table of one traffic.
  private Report table(String title, Traffic traffic, List<Measurement> all) {
    line("\n## " + title + "\n");
    line(
        "| | calls/s | CPU µs a call | ÷ nginx | without compilers | ÷ nginx | p50 ms | p99 ms | first byte p50 ms | RSS MB | failed |");
    line("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    Set<String> targets = new LinkedHashSet<>();
    all.forEach(each -> targets.add(each.target()));
    for (String target : targets) {
      List<Measurement> own = of(all, target, traffic);
      line(
          "| %s | %,.0f | %s | %s | %s | %s | %.2f | %.2f | %.2f | %s | %d |"
              .formatted(
                  target,
                  median(own, m -> m.load().perSecond()),
                  target.equals("direct") ? "–" : number(median(own, Measurement::cpuMicros)),
                  target.equals("direct")
                      ? "–"
                      : number(ratio(all, target, traffic, Measurement::cpuMicros)),
                  target.equals("direct") ? "–" : number(median(own, Measurement::warmMicros)),
                  target.equals("direct")
                      ? "–"
                      : number(ratio(all, target, traffic, Measurement::warmMicros)),
                  median(own, m -> m.load().whole().quantile(0.5) / 1e6),
                  median(own, m -> m.load().whole().quantile(0.99) / 1e6),
                  median(own, m -> m.load().first().quantile(0.5) / 1e6),
                  target.equals("direct") ? "–" : own.getLast().rssBytes() >> 20,
                  own.stream().mapToLong(m -> m.load().failed()).sum()));
    }
    return this;
  }

  /// A table of long answers, one at a time: the median time of each round's, and its rate.
  private Report transfers(String title, List<Measurement> all) {
    line("\n## " + title + "\n");
    line("| | MB/s | rate ÷ nginx | CPU ms a GiB | RSS MB | complete | failed |");
    line("|---|--:|--:|--:|--:|--:|--:|");
    double nginx = median(of(all, "nginx", Traffic.LONG), Report::seconds);
    Set<String> targets = new LinkedHashSet<>();
    all.forEach(each -> targets.add(each.target()));
    for (String target : targets) {
      List<Measurement> own = of(all, target, Traffic.LONG);
      double seconds = median(own, Report::seconds);
      boolean direct = target.equals("direct");
      line(
          "| %s | %,.0f | %s | %s | %s | %d | %d |"
              .formatted(
                  target,
                  Traffic.LONG_BYTES / 1e6 / seconds,
                  number(nginx / seconds),
                  direct ? "–" : number(median(own, m -> m.cpuMicros() / 1000)),
                  direct ? "–" : own.getLast().rssBytes() >> 20,
                  own.stream().mapToLong(m -> m.load().done()).sum(),
                  own.stream().mapToLong(m -> m.load().failed()).sum()));
    }
    return this;
  }

  private static double seconds(Measurement one) {
    return one.load().whole().quantile(0.5) / 1e9;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /// CPU per call relative to nginx in the same round.
  static double ratio(
      List<Measurement> all, String target, Traffic traffic, ToDoubleFunction<Measurement> micros) {
    List<Measurement> own = of(all, target, traffic);
    List<Measurement> nginx = of(all, "nginx", traffic);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(own.size(), nginx.size()); i++) {
      ratios.add(micros.applyAsDouble(own.get(i)) / nginx.get(i).cpuMicros());
    }
    return median(ratios);
  }

  static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  private static double median(List<Measurement> own, ToDoubleFunction<Measurement> figure) {
    return median(own.stream().map(figure::applyAsDouble).toList());
  }

  private static List<Measurement> of(List<Measurement> all, String target, Traffic traffic) {
    return all.stream().filter(m -> m.target().equals(target) && m.traffic() == traffic).toList();
  }
}
