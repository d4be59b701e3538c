package dev.gatewright.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.Rung;
import dev.gatewright.ledger.TestAttempts;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.log.LogEntry.Opened;
import dev.gatewright.ledger.log.LogEntry.Voided;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
  private final EntryWriter writer = new EntryWriter();

  @Test
  void reads_back_what_was_written_whatever_the_names_hold() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<LogEntry> entries = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        entries.add(entry(random));
      }
      assertThat(read(write(entries))).as("seed %d", seed).isEqualTo(entries);
    }
  }

  @Test
  void cuts_what_is_too_long_and_drops_what_no_database_takes() {
    Opening opening = TestAttempts.opening("req_\0" + "x".repeat(1_000));

    List<LogEntry> read = read(write(List.of(new Opened("att_1", opening, 0, false, 0))));

    assertThat(((Opened) read.getFirst()).opening().requestId())
        .isEqualTo("req_\ufffd" + "x".repeat(EntryWriter.TEXT_MAX - 5));
  }

  @Test
  void padding_says_nothing() {
    writer.voided("att_1");
    writer.pad(4_096);

    assertThat(writer.text()).hasSize(4_096);
    assertThat(read(writer.text())).containsExactly(new Voided("att_1"));
  }

  @Test
  void reads_rows_written_before_units_were() {
    String row =
        "catt_1\treq_1\torg_1\tprj_1\tkey_1\tfast\tlocal/gpt\tlocal\t/v1/messages\t0\t12\t5\t7\t"
            + "d\t200\t1\t2\t3\t4\t11\t12\t0\t0\t0\tp\t\n";

    Closed closed = (Closed) read("1\n" + row).getFirst();

    assertThat(closed.outcome().usage()).isEqualTo(new Usage(11, 12, 0, 0, 0, Source.PROVIDER));
    assertThat(read("2\n" + row)).containsExactly(closed);
  }

  @Test
  void writes_the_form_before_for_those_who_know_no_other() {
    Usage both = new Usage(11, 12, 0, 0, 0, Source.PROVIDER, Source.COUNTED);
    Usage images = Usage.of(Unit.IMAGES, 4, Source.COUNTED);
    writer.reset(2);
    writer.closed("att_1", TestAttempts.opening("req_1"), outcome(both));
    writer.closed("att_2", TestAttempts.opening("req_1"), outcome(images));

    assertThat(writer.text())
        .matches("2\ncatt_1\t.*\t11\t12\t0\t0\t0\tc\t\nuatt_2\t.*\t0\t0\t0\t0\t0\tc\ti\t4\t\n");
    assertThat(read(writer.text()))
        .extracting(entry -> ((Closed) entry).outcome().usage())
        .containsExactly(new Usage(11, 12, 0, 0, 0, Source.COUNTED), images);
  }

  @Test
  void what_form_4_added_costs_a_call_without_a_charge_nothing_and_form_3_is_not_told_of_it() {
    Opening opening = TestAttempts.opening("req_1");
    Outcome outcome = TestAttempts.outcome(1);
    writer.reset(3);
    writer.closed("att_1", opening, outcome);
    String third = writer.text();
    writer.reset(4);
    writer.closed("att_1", opening, outcome);
    assertThat(writer.text().substring(1)).isEqualTo(third.substring(1));

    writer.reset(3);
    Charge charge = new Charge("v1", "tier=batch", true, List.of(new Hold("wal_1", 5)));
    writer.closed("att_1", opening.with(charge), outcome.with("up_1"), Cost.UNPRICED);
    assertThat(writer.text()).isEqualTo(third);
  }

  @Test
  void a_row_of_a_later_form_or_with_an_unknown_entry_is_not_read() {
    assertThatThrownBy(() -> read("5\nxatt_1\t\n")).hasMessageContaining("form \"5\"");
    assertThatThrownBy(() -> read("03\nxatt_1\t\n")).hasMessageContaining("form \"03\"");
    assertThatThrownBy(() -> read("3\nqatt_1\t\n")).hasMessageContaining("kind q");
    assertThatThrownBy(() -> read("")).hasMessageContaining("form \"\"");
  }

  private static Outcome outcome(Usage usage) {
    return new Outcome(End.COMPLETED, 200, usage, 1, 2, 3, 4);
  }

  private static LogEntry entry(Random random) {
    String id = "att_" + random.nextInt(100);
    return switch (random.nextInt(5)) {
      case 0, 1 ->
          new Opened(
              id, opening(random), random.nextInt(), random.nextBoolean(), random.nextLong());
      case 2, 3 -> closed(id, opening(random), random);
      default -> new Voided(id);
    };
  }

  private static Closed closed(String id, Opening opening, Random random) {
    Cost cost =
        switch (random.nextInt(3)) {
          case 0 -> Cost.UNPRICED;
          case 1 -> new Cost(0, false, 0, "", text(random), Map.of());
          default ->
              new Cost(
                  random.nextLong(Hold.NANO_MAX), false, 7, text(random), "own", meters(random));
        };
    return new Closed(id, opening, outcome(random), opening.charge() == null ? null : cost);
  }

  private static Opening opening(Random random) {
    Opening opening = plain(random);
    if (random.nextBoolean()) {
      opening =
          opening.with(new Facets(text(random), text(random), text(random), List.of("b\tc", "a")));
    }
    if (random.nextBoolean()) {
      opening = opening.with(charge(random));
    }
    return opening;
  }

  private static Charge charge(Random random) {
    List<Hold> holds = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      holds.add(new Hold("bud_" + i + "@" + text(random), random.nextLong(Hold.NANO_MAX)));
    }
    return new Charge(text(random), text(random), random.nextBoolean(), holds);
  }

  private static Map<String, Long> meters(Random random) {
    return random.nextBoolean()
        ? Map.of()
        : Map.of("web_search", random.nextLong(1_000), "input_audio", 5L);
  }

  private static Opening plain(Random random) {
    return new Opening(
        text(random),
        random.nextInt(5),
        random.nextBoolean(),
        random.nextBoolean(),
        new Tenant("org_" + text(random), "prj_" + text(random)),
        text(random),
        text(random),
        text(random),
        text(random),
        text(random),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextLong(1L << 48),
        random.nextInt(1_000),
        Rung.of(random.nextInt(Rung.values().length)));
  }

  private static Outcome outcome(Random random) {
    Unit unit = List.of(Unit.values()).get(random.nextInt(5));
    Usage usage =
        new Usage(
            random.nextInt(1_000),
            random.nextInt(1_000),
            0,
            random.nextLong(Usage.TOKENS_MAX),
            5,
            source(random),
            source(random),
            unit,
            unit == Unit.TOKENS ? 0 : random.nextLong(Usage.TOKENS_MAX),
            unit == Unit.TOKENS ? Source.NONE : source(random),
            meters(random));
    return new Outcome(
        List.of(End.values()).get(random.nextInt(4)),
        200,
        usage,
        -1,
        12,
        random.nextLong(),
        0,
        text(random));
  }

  private static Source source(Random random) {
    return List.of(Source.values()).get(random.nextInt(3));
  }

  private static String text(Random random) {
    List<String> texts = List.of("", "a", "gpt-4o", "a\tb\nc\\d", "\\", "日本語", "e", "\\e", "x y");
    return texts.get(random.nextInt(texts.size()));
  }

  private String write(List<LogEntry> entries) {
    writer.reset(EntryWriter.FORM);
    for (LogEntry entry : entries) {
      switch (entry) {
        case Opened o -> writer.opened(o.id(), o.opening(), o.counted(), o.bytes(), o.atMillis());
        case Closed c -> writer.closed(c.id(), c.opening(), c.outcome(), c.cost());
        case Voided v -> writer.voided(v.id());
      }
    }
    return writer.text();
  }

  private static List<LogEntry> read(String payload) {
    List<LogEntry> entries = new ArrayList<>();
    EntryReader.read(payload, entries::add);
    return entries;
  }
}
