package dev.gatewright.bench;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Entry point of `bench/run`: the same load direct, through nginx and through Gatewright, in
/// turns.
public final class Bench {
  private final Options options;
  private final EventLoopGroup group = Loops.group(2);
  private final List<Measurement> closed = new ArrayList<>();
  private final List<Measurement> open = new ArrayList<>();
  private final List<String> starts = new ArrayList<>();

  private Bench(Options options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(Options.from(arguments));
    try {
      bench.run(String.join(" ", arguments));
    } finally {
      bench.group.shutdownGracefully().syncUninterruptibly();
    }
  }

  private void run(String command) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("gatewright-bench");
    try (MockProvider mock = new MockProvider(group, options.gapMicros());
        Nginx nginx = new Nginx(folder.resolve("nginx"), mock.port());
        BareProcess bare = new BareProcess(folder.resolve("bare"), mock.port());
        GateUnderLoad gate =
            options.gate()
                ? new GateUnderLoad(options.root(), folder.resolve("gate"), mock.port())
                : null) {
      if (gate != null && options.starts() > 0) {
        timeStarts(gate);
      }
      List<Target> targets = new ArrayList<>();
      targets.add(nginx.target());
      if (!options.quick()) {
        targets.addFirst(new Target("direct", mock.port(), mock.port(), null, "none"));
      }
      if (!options.quick() && !options.services()) {
        targets.add(bare.target());
      }
      if (gate != null) {
        targets.add(gate.target());
      }
      measure(targets);
    }
    if (options.quick()) {
      say(
          "small call: median %.2f x nginx"
              .formatted(Report.ratio(closed, "gatewright", Traffic.SMALL)));
    } else {
      write(command);
    }
  }

  private void timeStarts(GateUnderLoad gate) throws IOException, InterruptedException {
    Map<String, Map<String, String>> ways =
        Map.of(
            "with the AOT cache",
            Map.of(),
            "without it",
            Map.of("GATEWRIGHT_JAVA_OPTS", "-XX:AOTMode=off"));
    for (Map.Entry<String, Map<String, String>> way : ways.entrySet()) {
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < options.starts(); i++) {
        times.add(gate.restart(way.getValue()));
        gate.awaitHealthy();
      }
      say("start %s: %s ms".formatted(way.getKey(), times));
      starts.add(
          "%s: median %s ms of %d"
              .formatted(way.getKey(), Math.round(Report.median(times)), times.size()));
    }
    gate.restart(Map.of());
    gate.awaitHealthy();
  }

  private void measure(List<Target> targets) throws InterruptedException {
    for (Target target : targets) {
      if (target.process() != null) {
        say(
            "%s RSS after start: %d MB"
                .formatted(target.name(), ProcessTimes.rssBytes(target.process()) >> 20));
        starts.add(
            "RSS of %s after start: %d MB"
                .formatted(target.name(), ProcessTimes.rssBytes(target.process()) >> 20));
      }
      for (Traffic traffic : options.traffics()) {
        say(
            "warm-up "
                + Measurement.closed(
                    group,
                    target,
                    traffic,
                    traffic.callers(options.callers()),
                    options.warmupSeconds()));
      }
    }
    for (int round = 0; round < options.rounds(); round++) {
      for (Traffic traffic : options.traffics()) {
        for (Target target : targets) {
          Measurement one =
              Measurement.closed(
                  group, target, traffic, traffic.callers(options.callers()), options.seconds());
          say("round %d  %s".formatted(round + 1, one));
          closed.add(one);
        }
      }
      for (Target target : options.quick() || options.services() ? List.<Target>of() : targets) {
        Measurement one =
            Measurement.open(group, target, Traffic.SMALL, options.openRate(), options.seconds());
        say("round %d  open loop %s".formatted(round + 1, one));
        open.add(one);
      }
    }
  }

  private void write(String command) throws IOException, InterruptedException {
    Path root = options.root();
    String commit = Machine.ask(root, "git", "rev-parse", "--short=10", "HEAD");
    boolean changed = !Machine.ask(root, "git", "status", "--porcelain").isEmpty();
    String date = LocalDate.now(ZoneOffset.UTC).toString();
    Report report =
        new Report("Gatewright beside nginx, " + date)
            .line("- machine: " + Machine.describe())
            .line("- commit: " + commit + (changed ? " and changes not committed" : ""))
            .line("- command: `bench/run " + command.replaceAll("--root \\S+ ?", "").strip() + "`")
            .line(
                "- nginx: "
                    + Machine.ask(root, Nginx.PROGRAM, "-v")
                    + ", worker_processes auto, no access log, keep-alive upstream; small calls with its default buffering, streams with proxy_buffering off")
            .line(
                "- gatewright: keys, a model and an address rule, attempts (SQLite), access log, metrics on; as `./gatewright serve` starts it")
            .line(
                "- mock provider and load generator share the machine with what is measured; %d callers, %d rounds of %s s, %s µs between events"
                    .formatted(
                        options.callers(),
                        options.rounds(),
                        options.seconds(),
                        options.gapMicros()))
            .line(
                "- CPU: user + system time of the proxy's processes from /proc/PID/stat over complete calls; medians over the rounds");
    starts.forEach(start ->
        report.line("- " + (start.startsWith("RSS") ? start : "start to first answer " + start)));
    if (options.services()) {
      report.table("Closed loop: " + Traffic.SERVICE.title(), Traffic.SERVICE, closed);
      report.transfers(Traffic.LONG.title(), closed);
    } else {
      report.table("Closed loop: " + Traffic.SMALL.title(), Traffic.SMALL, closed);
      report.table("Closed loop: " + Traffic.STREAM.title(), Traffic.STREAM, closed);
      report.table(
          "Open loop, %,d calls/s: %s".formatted(options.openRate(), Traffic.SMALL.title()),
          Traffic.SMALL,
          open);
    }
    Path results = root.resolve("bench/results");
    Files.createDirectories(results);
    String kind = options.services() ? "-services" : options.gate() ? "" : "-nginx";
    Path file = results.resolve(date + "-" + commit + kind + ".md");
    Files.writeString(file, report.toString());
    System.out.println("\n" + report);
    say("written to " + root.relativize(file));
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
