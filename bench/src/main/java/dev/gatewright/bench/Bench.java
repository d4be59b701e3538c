package dev.gatewright.bench;

import dev.gatewright.bench.Options.Part;
import dev.gatewright.store.Database;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Entry point of `bench/run`: the same load direct, through nginx and through Gatewright, in
/// turns.
public final class Bench {
  private static final int ADDED_RATE = 500;
  private static final long ADDED_THINK_MILLIS = 20;
  private static final double SUSTAINED_SECONDS = 60;

  /// The compilers' share of a gate's CPU when it counts as warm.
  private static final double WARM = 0.04;

  private static final long IDLE_MILLIS = 10_000;

  private final Options options;
  private final EventLoopGroup group = Loops.group(2);
  private final Map<Part, List<Measurement>> measured = new EnumMap<>(Part.class);
  private final List<String> starts = new ArrayList<>();
  private final List<String> lists = new ArrayList<>();
  private final List<String> scale = new ArrayList<>();
  private final List<String> forged = new ArrayList<>();

  private Bench(Options options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.from(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("bench/run: " + wrong.getMessage());
      System.exit(2);
      return;
    }
    Bench bench = new Bench(options);
    try {
      bench.run(String.join(" ", arguments));
    } finally {
      bench.group.shutdownGracefully().syncUninterruptibly();
    }
  }

  private void run(String command) throws IOException, InterruptedException, SQLException {
    Path folder = Files.createTempDirectory("gatewright-bench");
    try (MockProvider mock = new MockProvider(group, options.gapMicros(), 0);
        Nginx nginx = new Nginx(folder.resolve("nginx"), mock.port(), options.nginxWorkers());
        BareProcess bare = new BareProcess(folder.resolve("bare"), mock.port());
        GateUnderLoad gate = gate(folder.resolve("gate"), mock)) {
      String key = gate.mint();
      timeStarts(gate, key);
      Target gatewright = gate.target("gatewright", key);
      List<Target> all =
          List.of(Target.direct(mock.port()), nginx.target(), bare.target(), gatewright);
      memory(gatewright);
      closed(Part.SMALL, Traffic.SMALL, all);
      closed(Part.STREAM, Traffic.STREAM, all);
      closed(Part.SERVICE, Traffic.SERVICE, List.of(nginx.target(), gatewright));
      open(Part.OPEN, all, options.openRate());
      sustained(List.of(nginx.target(), gatewright));
      closed(Part.LONG, Traffic.LONG, List.of(all.getFirst(), nginx.target(), gatewright));
      doors(folder.resolve("doors"), mock, nginx.target(), gatewright);
      replicas(folder.resolve("replicas"), mock, nginx.target());
      layers(folder.resolve("layers"), mock, List.of(nginx.target(), gatewright));
    }
    added(folder.resolve("added"));
    forged(folder.resolve("forged"));
    h2(folder.resolve("h2"));
    lists(folder.resolve("lists"));
    scale(folder.resolve("scale"));
    backup(folder.resolve("backup"));
    Report report = report(command);
    System.out.println("\n" + report);
    if (options.write()) {
      write(report);
    }
  }

  private GateUnderLoad gate(Path folder, MockProvider mock)
      throws IOException, InterruptedException {
    return new GateUnderLoad(options.root(), folder, mock.port(), Map.of());
  }

  private void timeStarts(GateUnderLoad gate, String key) throws IOException, InterruptedException {
    Map<String, Map<String, String>> ways =
        Map.of(
            "with the AOT cache",
            Map.of(),
            "without it",
            Map.of("GATEWRIGHT_JAVA_OPTS", "-XX:AOTMode=off"));
    for (Map.Entry<String, Map<String, String>> way : ways.entrySet()) {
      List<GateUnderLoad.Start> times = new ArrayList<>();
      for (int i = 0; i < options.starts(); i++) {
        times.add(gate.restart(way.getValue(), key));
      }
      if (!times.isEmpty()) {
        note(
            "start %s: /health after %d ms, first answered call after %d ms (medians of %d)"
                .formatted(
                    way.getKey(),
                    Math.round(
                        Report.median(
                            times.stream().map(GateUnderLoad.Start::healthMillis).toList())),
                    Math.round(
                        Report.median(
                            times.stream().map(GateUnderLoad.Start::callMillis).toList())),
                    times.size()));
      }
    }
    gate.restart(Map.of(), key);
  }

  private void memory(Target gate) throws InterruptedException {
    if (options.starts() > 0) {
      Thread.sleep(IDLE_MILLIS);
    }
    note("RSS of %s idle: %d MB".formatted(gate, gate.rssBytes() >> 20));
  }

  private void closed(Part part, Traffic traffic, List<Target> targets)
      throws IOException, InterruptedException {
    if (!options.measures(part)) {
      return;
    }
    int callers = traffic.callers(options.callers());
    for (Target target : targets) {
      warm(target, seconds -> Measurement.closed(group, target, traffic, callers, seconds));
    }
    for (int round = 0; round < options.rounds(); round++) {
      for (Target target : targets) {
        keep(part, Measurement.closed(group, target, traffic, callers, options.seconds()));
      }
    }
  }

  /// A turn of so many seconds.
  private interface Turn {
    Measurement of(double seconds) throws IOException, InterruptedException;
  }

  /// Load until compilers have hardly anything left to do: at least as long as asked for, at most
  /// four times as long.
  private void warm(Target target, Turn turn) throws IOException, InterruptedException {
    Measurement last = turn.of(target.isDirect() ? 1 : options.warmupSeconds());
    say("warm-up " + last);
    for (int i = 0; i < 3 && last.compilerMicros() > WARM * last.cpuMicros(); i++) {
      last = turn.of(options.warmupSeconds());
      say("warm-up " + last);
    }
  }

  private void open(Part part, List<Target> targets, int rate)
      throws IOException, InterruptedException {
    if (!options.measures(part)) {
      return;
    }
    for (Target target : targets) {
      // Another rhythm is other code: compilers go on for some 10⁵ calls.
      warm(target, seconds -> Measurement.open(group, target, Traffic.SMALL, rate, seconds));
    }
    for (int round = 0; round < options.rounds(); round++) {
      for (Target target : targets) {
        keep(part, Measurement.open(group, target, Traffic.SMALL, rate, options.seconds()));
      }
    }
  }

  private void sustained(List<Target> targets) throws InterruptedException {
    if (options.measures(Part.SUSTAINED)) {
      for (Target target : targets) {
        keep(
            Part.SUSTAINED,
            Measurement.closed(group, target, Traffic.SMALL, options.callers(), SUSTAINED_SECONDS));
      }
    }
  }

  private void doors(Path folder, MockProvider mock, Target nginx, Target plain)
      throws IOException, InterruptedException {
    if (options.measures(Part.DOORS)) {
      try (Issuer issuer = new Issuer();
          GateUnderLoad gate =
              new GateUnderLoad(options.root(), folder, mock.port(), Map.of(), issuer.settings())) {
        Target token = gate.target("token at a site", issuer.token());
        closed(Part.DOORS, Traffic.SMALL, List.of(nginx, plain, token));
      }
    }
  }

  private void replicas(Path folder, MockProvider mock, Target nginx)
      throws IOException, InterruptedException {
    if (options.measures(Part.REPLICAS)) {
      try (Replicas replicas = new Replicas(options.root(), folder, mock.port())) {
        closed(Part.REPLICAS, Traffic.SMALL, List.of(nginx, replicas.target()));
      }
    }
  }

  private void layers(Path folder, MockProvider mock, List<Target> plain)
      throws IOException, InterruptedException {
    if (options.measures(Part.LAYERS)) {
      try (GateUnderLoad gate = gate(folder, mock)) {
        List<Target> targets = new ArrayList<>(plain);
        targets.add(gate.target("four layers, stored credential", Layers.on(gate)));
        closed(Part.LAYERS, Traffic.SMALL, targets);
      }
    }
  }

  /// A provider that takes its time: latency is then what the gate adds, not what queues add.
  private void added(Path folder) throws IOException, InterruptedException {
    if (!options.measures(Part.ADDED)) {
      return;
    }
    try (MockProvider slow = new MockProvider(group, 0, ADDED_THINK_MILLIS);
        Nginx nginx = new Nginx(folder.resolve("nginx"), slow.port(), options.nginxWorkers());
        GateUnderLoad gate = gate(folder.resolve("gate"), slow)) {
      Target gatewright = gate.target("gatewright", gate.mint());
      Measurement.closed(group, gatewright, Traffic.SMALL, 128, options.warmupSeconds());
      open(Part.ADDED, List.of(Target.direct(slow.port()), nginx.target(), gatewright), ADDED_RATE);
    }
  }

  private void forged(Path folder) throws IOException, InterruptedException {
    if (options.measures(Part.FORGED)) {
      try (MockProvider slow = new MockProvider(group, 0, ADDED_THINK_MILLIS)) {
        forged.addAll(ForgedTokens.measure(group, options, folder, slow));
        forged.forEach(Bench::say);
      }
    }
  }

  private void h2(Path folder) throws IOException, InterruptedException {
    if (!options.measures(Part.H2)) {
      return;
    }
    Files.createDirectories(folder);
    BenchCertificate certificate = BenchCertificate.make(folder);
    H2Load load = new H2Load(folder);
    try (MockProvider mock = new MockProvider(group, 0, 0);
        Nginx nginx =
            new Nginx(folder.resolve("nginx"), mock.port(), options.nginxWorkers(), certificate);
        GateUnderLoad gate =
            new GateUnderLoad(
                options.root(),
                folder.resolve("gate"),
                mock.port(),
                certificate.environment(),
                "",
                BenchCertificate.sockets())) {
      Target gatewright = gate.target("gatewright", gate.mint());
      Target plain = nginx.target();
      int gatePort = gatewright.smallPorts().getFirst();
      warm(plain, seconds -> load.measure(plain, nginx.tlsPort(), seconds));
      warm(gatewright, seconds -> load.measure(gatewright, gatePort, seconds));
      for (int round = 0; round < options.rounds(); round++) {
        keep(Part.H2, load.measure(plain, nginx.tlsPort(), options.seconds()));
        keep(Part.H2, load.measure(gatewright, gatePort, options.seconds()));
      }
    }
  }

  private void lists(Path folder) throws IOException, InterruptedException, SQLException {
    if (!options.measures(Part.LISTS)) {
      return;
    }
    try (MockProvider mock = new MockProvider(group, 0, 0);
        GateUnderLoad gate =
            new GateUnderLoad(
                options.root(), folder, mock.port(), Map.of("GATEWRIGHT_SIGN_UP", "open"))) {
      lists.addAll(Lists.measure(gate, options.starts()));
      lists.forEach(Bench::say);
    }
  }

  private void scale(Path folder) throws IOException, InterruptedException, SQLException {
    if (!options.measures(Part.SCALE)) {
      return;
    }
    for (Database.Kind kind : options.stores()) {
      try (MockProvider mock = new MockProvider(group, 0, 0)) {
        scale.add("\n## %,d rows of usage, %s\n".formatted(options.usageRows(), kind));
        scale.addAll(Scale.measure(options, folder.resolve(kind.name()), mock, group, kind));
      }
    }
  }

  private void backup(Path folder) throws IOException, InterruptedException, SQLException {
    if (!options.measures(Part.BACKUP)) {
      return;
    }
    for (Database.Kind kind : options.stores()) {
      try (MockProvider mock = new MockProvider(group, 0, 0)) {
        scale.add(
            "\n## `gatewright backup` under %,d calls/s, %,d rows of usage, %s\n"
                .formatted(options.openRate(), options.usageRows(), kind));
        scale.addAll(BackupLoad.measure(options, folder.resolve(kind.name()), mock, group, kind));
      }
    }
  }

  private void keep(Part part, Measurement one) {
    say("%-9s %s".formatted(part, one));
    measured.computeIfAbsent(part, _ -> new ArrayList<>()).add(one);
  }

  private Report report(String command) throws IOException, InterruptedException {
    Path root = options.root();
    String commit = commit();
    boolean changed = !Machine.ask(root, "git", "status", "--porcelain").isEmpty();
    Report report =
        new Report("Gatewright beside nginx, " + today())
            .line("- machine: " + Machine.describe())
            .line("- commit: " + commit + (changed ? " and changes not committed" : ""))
            .line("- command: `bench/run " + command.replaceAll("--root \\S+ ?", "").strip() + "`")
            .line(
                "- nginx: %s, %d worker(s), no access log, keep-alive upstream; small calls with its default buffering, streams with proxy_buffering off"
                    .formatted(Machine.ask(root, Nginx.PROGRAM, "-v"), options.nginxWorkers()))
            .line(
                "- gatewright: keys, a model and an address rule, attempts (SQLite unless it says PostgreSQL), access log, metrics on; as `./gatewright serve` starts it")
            .line(
                "- mock provider and load generator share the machine with what is measured; %d callers, %d rounds of %s s, %s µs between events"
                    .formatted(
                        options.callers(),
                        options.rounds(),
                        options.seconds(),
                        options.gapMicros()))
            .line(
                "- CPU: user + system time of the proxy's processes from /proc/PID/stat over complete calls; a turn ends when all postponed work is done (usage is asked for); medians over the rounds");
    starts.forEach(start -> report.line("- " + start));
    report.tables(measured, options.openRate());
    if (!lists.isEmpty()) {
      report.line(
          "\n## Lists over %,d keys, %,d organizations, %,d people (SQLite)\n"
              .formatted(Populace.KEYS, Populace.ORGANIZATIONS, Populace.PEOPLE));
      lists.forEach(report::line);
    }
    forged.forEach(report::line);
    scale.forEach(report::line);
    return report;
  }

  private void write(Report report) throws IOException, InterruptedException {
    Path results = options.root().resolve("bench/results");
    Files.createDirectories(results);
    Path file = results.resolve(today() + "-" + commit() + ".md");
    Files.writeString(file, report.toString());
    say("written to " + options.root().relativize(file));
  }

  private String commit() throws IOException, InterruptedException {
    return Machine.ask(options.root(), "git", "rev-parse", "--short=10", "HEAD");
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  private void note(String line) {
    say(line);
    starts.add(line);
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
