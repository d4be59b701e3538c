package dev.gatewright.bench;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/// What calls by a good token notice of a flood of forged ones: in turns without it, beside as many
/// calls with mistyped keys (what a flood of anything costs), and beside forged tokens, each of
/// which looks right until its signature is verified.
final class ForgedTokens {
  private static final int CALLS_PER_SECOND = 500;
  private static final int FORGED_PER_SECOND = 2_000;
  private static final String SETTINGS = "trusted-proxies: [127.0.0.1]\n";

  /// A turn of one kind.
  private record Kind(String name, int perSecond, Function<Random, String> forge) {}

  /// @param cores of the gate
  private record Turn(
      double p50Millis, double p99Millis, double cores, long failed, long sent, long letIn) {}

  private ForgedTokens() {}

  /// @param mock takes its time, so that latency is what the gate adds
  /// @return Markdown
  static List<String> measure(EventLoopGroup group, Options options, Path folder, MockProvider mock)
      throws IOException, InterruptedException {
    try (Issuer issuer = new Issuer();
        GateUnderLoad gate =
            new GateUnderLoad(
                options.root(), folder, mock.port(), Map.of(), SETTINGS + issuer.callers())) {
      String token = issuer.token();
      Target target = gate.target("gatewright", token);
      List<Kind> kinds =
          List.of(
              new Kind("nothing", 0, _ -> ""),
              new Kind("mistyped keys", FORGED_PER_SECOND, ForgedTokens::mistyped),
              new Kind("forged tokens", FORGED_PER_SECOND, random -> forged(random, token)));
      List<List<Turn>> turns = new ArrayList<>();
      for (Kind kind : kinds) {
        turn(group, target, kind, options.warmupSeconds());
        turns.add(new ArrayList<>());
      }
      for (int round = 0; round < options.rounds(); round++) {
        for (int i = 0; i < kinds.size(); i++) {
          turns.get(i).add(turn(group, target, kinds.get(i), options.seconds()));
        }
      }
      return lines(kinds, turns);
    }
  }

  private static Turn turn(EventLoopGroup group, Target target, Kind kind, double seconds)
      throws InterruptedException {
    int port = target.smallPorts().getFirst();
    try (Flood flood = new Flood(port, kind.perSecond, kind.forge)) {
      long before = target.cpuMicros();
      Load.Result load =
          Load.open(
              group,
              target.smallPorts(),
              target.requests(Traffic.SMALL),
              CALLS_PER_SECOND,
              seconds);
      double cores = (target.cpuMicros() - before) / (load.seconds() * 1e6);
      Turn turn =
          new Turn(
              load.whole().quantile(0.5) / 1e6,
              load.whole().quantile(0.99) / 1e6,
              cores,
              load.failed(),
              flood.sent(),
              flood.letIn());
      System.err.println("beside " + kind.name + ": " + turn);
      return turn;
    }
  }

  private static List<String> lines(List<Kind> kinds, List<List<Turn>> turns) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "\n## %,d calls a second by a token, provider takes 20 ms, beside a flood\n"
            .formatted(CALLS_PER_SECOND));
    lines.add(
        "| beside | sent a second | let in | p50 ms | p99 ms | p99 ÷ p99 beside nothing | gate's cores | failed calls |");
    lines.add("|---|--:|--:|--:|--:|--:|--:|--:|");
    for (int i = 0; i < kinds.size(); i++) {
      List<Turn> own = turns.get(i);
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < own.size(); round++) {
        ratios.add(own.get(round).p99Millis / turns.getFirst().get(round).p99Millis);
      }
      lines.add(
          "| %s (%,d in all) | %,d | %d | %.2f | %.2f | %.2f | %.2f | %d |"
              .formatted(
                  kinds.get(i).name,
                  own.stream().mapToLong(Turn::sent).sum(),
                  kinds.get(i).perSecond,
                  own.stream().mapToLong(Turn::letIn).sum(),
                  Report.median(own.stream().map(Turn::p50Millis).toList()),
                  Report.median(own.stream().map(Turn::p99Millis).toList()),
                  Report.median(ratios),
                  Report.median(own.stream().map(Turn::cores).toList()),
                  own.stream().mapToLong(Turn::failed).sum()));
    }
    return lines;
  }

  /// Of a key's form, with a checksum that is not its.
  private static String mistyped(Random random) {
    StringBuilder text = new StringBuilder("gw_live_0123456789_");
    for (int i = 0; i < 32; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.append("_000000").toString();
  }

  /// A good token with one character of its signature or of what it claims replaced; its head, and
  /// so its key, is a good one's.
  private static String forged(Random random, String good) {
    StringBuilder text = new StringBuilder(good);
    int from = good.indexOf('.') + 1;
    int at;
    do {
      at = from + random.nextInt(good.length() - from);
    } while (good.charAt(at) == '.');
    text.setCharAt(at, good.charAt(at) == 'A' ? 'B' : 'A');
    return text.toString();
  }
}
