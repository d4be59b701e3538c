package dev.gatewright.wallet;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One month of a wallet: where it stood, what happened, where it stands. The lines add up to the
/// difference to the nano, for all three are sums of the same transfers.
///
/// @param finished the month is over and nothing more will be posted in it
record Statement(
    YearMonth month,
    long opening,
    long closing,
    long reservedNow,
    boolean finished,
    List<StatementLine> lines) {
  /// @param entries of the month, in their order
  static Statement of(
      YearMonth month,
      long opening,
      List<WalletReads.Entry> entries,
      long reservedNow,
      long nowMillis) {
    Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
    long closing = opening;
    for (WalletReads.Entry entry : entries) {
      LocalDate day =
          java.time.Instant.ofEpochMilli(entry.atMillis()).atZone(ZoneOffset.UTC).toLocalDate();
      days.computeIfAbsent(day, _ -> new TreeMap<>())
          .merge(entry.kind(), entry.change(), Long::sum);
      closing += entry.change();
    }
    List<StatementLine> lines = new java.util.ArrayList<>();
    days.forEach((day, kinds) ->
        kinds.forEach((kind, nano) -> lines.add(new StatementLine(kind, day, nano))));
    return new Statement(
        month, opening, closing, reservedNow, nowMillis >= endMillis(month), lines);
  }

  static long startMillis(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  static long endMillis(YearMonth month) {
    return startMillis(month.plusMonths(1));
  }
}
