package dev.gatewright.wallet;

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

  /// @param entries of the month, in their order
  /// @param models what calls opened in it were billed, by model and quarter of an hour; how each
  ///   day's usage is told apart. What was posted on another day than it was opened on stands in a
  ///   line without a model
  static Statement of(
      ZoneId zone,
      YearMonth month,
      long opening,
      List<WalletReads.Entry> entries,
      List<WalletReads.Billed> models,
      long reservedNow,
      long nowMillis) {
    Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
    long closing = opening;
    for (WalletReads.Entry entry : entries) {
      days.computeIfAbsent(day(zone, entry.atMillis()), _ -> new TreeMap<>())
          .merge(entry.kind(), entry.change(), Long::sum);
      closing += entry.change();
    }
    Map<LocalDate, Map<String, Long>> byModel = new TreeMap<>();
    for (WalletReads.Billed billed : models) {
      byModel
          .computeIfAbsent(day(zone, billed.fromMillis()), _ -> new TreeMap<>())
          .merge(billed.model(), -billed.nano(), Long::sum);
      days.computeIfAbsent(day(zone, billed.fromMillis()), _ -> new TreeMap<>())
          .putIfAbsent(USAGE, 0L);
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
