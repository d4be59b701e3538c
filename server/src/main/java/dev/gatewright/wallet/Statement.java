package dev.gatewright.wallet;

import dev.gatewright.usage.UsageStore;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One month of a wallet: where it stood, what happened, where it stands. The lines add up to the
/// difference to the nano, for all three are sums of the same transfers.
///
/// @param finished the month is over and nothing more will be posted in it
record Statement(
    ZoneId zone,
    YearMonth month,
    long opening,
    long closing,
    long reservedNow,
    boolean finished,
    List<StatementLine> lines) {
  private static final String USAGE = "usage";

  /// @param posted in the month
  /// @param models what calls opened in it were billed; how each day's usage is told apart. What
  ///   was posted on another day than it was opened on stands in a line without a model
  static Statement of(
      ZoneId zone,
      YearMonth month,
      long opening,
      List<WalletReads.Posted> posted,
      List<UsageStore.Billed> models,
      long reservedNow,
      long nowMillis) {
    Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
    long closing = opening;
    for (WalletReads.Posted each : posted) {
      days.computeIfAbsent(day(zone, each.fromMillis()), _ -> new TreeMap<>())
          .merge(each.kind(), each.nano(), Long::sum);
      closing += each.nano();
    }
    Map<LocalDate, Map<String, Long>> byModel = new TreeMap<>();
    for (UsageStore.Billed billed : models) {
      byModel
          .computeIfAbsent(billed.day(), _ -> new TreeMap<>())
          .merge(billed.model(), -billed.nano(), Long::sum);
      days.computeIfAbsent(billed.day(), _ -> new TreeMap<>()).putIfAbsent(USAGE, 0L);
    }
    List<StatementLine> lines = new ArrayList<>();
    days.forEach((day, kinds) ->
        kinds.forEach((kind, nano) -> {
          long rest = nano;
          if (kind.equals(USAGE)) {
            for (Map.Entry<String, Long> model : byModel.getOrDefault(day, Map.of()).entrySet()) {
              lines.add(new StatementLine(kind, model.getKey(), day, model.getValue()));
              rest -= model.getValue();
            }
          }
          if (rest != 0) {
            lines.add(new StatementLine(kind, "", day, rest));
          }
        }));
    return new Statement(
        zone,
        month,
        opening,
        closing,
        reservedNow,
        nowMillis >= startMillis(month.plusMonths(1), zone),
        lines);
  }

  private static LocalDate day(ZoneId zone, long millis) {
    return Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
  }

  static long startMillis(YearMonth month, ZoneId zone) {
    return month.atDay(1).atStartOfDay(zone).toInstant().toEpochMilli();
  }
}
