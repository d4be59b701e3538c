package dev.gatewright.price.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.price.book.PriceVersion.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which price is in force, and what an answer's usage is cut into.
class PriceBookTest {
  private static final long NOW = Instant.parse("2026-11-27T12:00:00Z").toEpochMilli();
  private final List<PriceVersion> versions = new ArrayList<>();

  private String add(Origin origin, String model, String from, String more) {
    PriceEntry entry =
        EntryView.read(
            "{\"model\": \"%s\", \"from\": \"%s\", \"meters\": {\"input\": \"1/1M\"}%s}"
                .formatted(model, from, more));
    String form = EntryView.tree(entry).toString();
    String id = EntryView.id(origin, form);
    versions.add(new PriceVersion(id, versions.size() + 1, origin, entry, form, 0, null));
    return id;
  }

  private String find(String name, @Nullable String listed, long at) {
    PriceVersion found = new PriceBook(versions, versions).find(name, listed, at);
    return found == null ? "" : found.id();
  }

  @Test
  void find_takesExactBeforeTheLongestPattern_andOwnBeforeTheCatalogue() {
    String any = add(Origin.FILE, "local/*", "2026-01-01", "");
    String longer = add(Origin.API, "local/llama-*", "2026-01-01", "");
    String exact = add(Origin.FILE, "local/llama-3", "2026-01-01", "");
    String listed = add(Origin.CATALOGUE, "openai/gpt-5", "2026-01-01", "");

    assertThat(find("local/llama-3", null, NOW)).isEqualTo(exact);
    assertThat(find("local/llama-4", null, NOW)).isEqualTo(longer);
    assertThat(find("local/qwen", null, NOW)).isEqualTo(any);
    assertThat(find("other/qwen", null, NOW)).isEmpty();
    assertThat(find("mine/gpt-5", "openai/gpt-5", NOW)).isEqualTo(listed);
    assertThat(find("openai/gpt-5", null, NOW)).as("not at its own address").isEmpty();
    String own = add(Origin.API, "openai/gpt-5", "2026-01-01", "");
    assertThat(find("openai/gpt-5", "openai/gpt-5", NOW)).isEqualTo(own);
  }

  @Test
  void find_takesTheLatestThatHasBegun() {
    String first = add(Origin.API, "local/a", "2026-01-01", "");
    String second = add(Origin.API, "local/a", "2026-06-01T10:00:00Z", "");
    String third = add(Origin.API, "local/a", "2027-01-01", "");

    assertThat(find("local/a", null, Instant.parse("2025-12-31T23:59:59Z").toEpochMilli()))
        .isEmpty();
    assertThat(find("local/a", null, Instant.parse("2026-06-01T09:59:59.999Z").toEpochMilli()))
        .isEqualTo(first);
    assertThat(find("local/a", null, Instant.parse("2026-06-01T10:00:00Z").toEpochMilli()))
        .isEqualTo(second);
    assertThat(find("local/a", null, Instant.parse("2027-01-01T00:00:00Z").toEpochMilli()))
        .isEqualTo(third);
  }

  /// FuturePrice: what a source announced may never have come true.
  @Test
  void find_leavesAForecastAlone() {
    String now = add(Origin.CATALOGUE, "openai/a", "2026-01-01", "");
    add(
        Origin.CATALOGUE,
        "openai/a",
        "2026-09-01",
        ", \"source\": \"page\", \"read\": \"2026-08-21\"");
    String confirmed =
        add(
            Origin.API,
            "openai/b",
            "2026-09-01",
            ", \"source\": \"page\", \"read\": \"2026-09-01\"");

    assertThat(find("openai/a", "openai/a", NOW)).isEqualTo(now);
    assertThat(find("openai/b", null, NOW)).isEqualTo(confirmed);
  }

  private static Map<String, Long> leaves(Usage usage) {
    return LeafMeters.of(usage).used();
  }

  /// CachedImage: what is in the cache is not in the input as well.
  @Test
  void leaves_areDisjoint() {
    Usage usage = new Usage(1_000, 500, 300, 200, 100, Source.PROVIDER);

    assertThat(leaves(usage))
        .isEqualTo(
            Map.of(
                "input", 500L,
                "cache_read", 300L,
                "cache_write_5m", 200L,
                "output", 400L,
                "reasoning", 100L));
    assertThat(
            leaves(
                usage.with(
                    Map.of(
                        "cache_write_1h", 150L,
                        "input_image", 250L,
                        "cache_read_image", 100L,
                        "output_audio", 50L,
                        "web_search", 2L,
                        "tier_flex", 1L))))
        .isEqualTo(
            Map.of(
                "input", 350L,
                "input_image", 150L,
                "cache_read", 200L,
                "cache_read_image", 100L,
                "cache_write_5m", 50L,
                "cache_write_1h", 150L,
                "output", 350L,
                "output_audio", 50L,
                "reasoning", 100L,
                "web_search", 2L));
    assertThat(LeafMeters.of(usage.with(Map.of("tier_flex", 1L))).served()).isEqualTo("flex");
  }

  /// SplitAbsent: an old answer without the split wrote for five minutes, and not for free.
  @Test
  void leaves_ofAWriteWithoutSplit_areOfFiveMinutes() {
    assertThat(leaves(new Usage(100, 0, 0, 100, 0, Source.PROVIDER)))
        .isEqualTo(Map.of("cache_write_5m", 100L));
  }

  @Test
  void leaves_thatComeToMoreThanTheWhole_leaveNothingAndSaySo() {
    LeafMeters leaves =
        LeafMeters.of(new Usage(10, 5, 0, 0, 0, Source.PROVIDER).with(Map.of("input_audio", 12L)));

    assertThat(leaves.used()).isEqualTo(Map.of("input_audio", 12L, "output", 5L));
    assertThat(leaves.negative()).isTrue();
  }
}
