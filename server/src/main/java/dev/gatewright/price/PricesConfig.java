package dev.gatewright.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.price.book.EntryForm;
import dev.gatewright.price.book.PriceEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The mapping `prices`.
///
/// @param entries of the configuration and of the files it names
/// @param allowUnpriced callers with a hard budget or a wallet may call what has no price
public record PricesConfig(List<PriceEntry> entries, boolean allowUnpriced) {
  public static final PricesConfig NONE = new PricesConfig(List.of(), false);

  public PricesConfig {
    entries = List.copyOf(entries);
  }

  public static PricesConfig from(Settings root) {
    Settings prices = root.section("prices");
    List<PriceEntry> entries = new ArrayList<>();
    for (Settings entry : prices.list("entries")) {
      try {
        entries.add(form(entry).checked(Instant.EPOCH));
      } catch (EntryForm.Misfit misfit) {
        throw new InvalidSetting(
            entry.path() + misfit.pointer().replace('/', '.') + ": " + misfit.getMessage());
      }
    }
    for (String file : prices.texts("files")) {
      entries.addAll(read(prices.path() + ".files", Path.of(file)));
    }
    return new PricesConfig(entries, prices.flag("allow-unpriced", false));
  }

  private static List<PriceEntry> read(String key, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return PriceFile.read(in);
    } catch (IOException | EntryForm.Misfit e) {
      throw new InvalidSetting(
          "%s: %s: %s (expected: a file of prices)".formatted(key, file, e.getMessage()));
    }
  }

  private static EntryForm form(Settings entry) {
    List<EntryForm.@Nullable TierForm> tiers = new ArrayList<>();
    for (Settings tier : entry.list("tiers")) {
      tiers.add(
          new EntryForm.TierForm(
              tier.text("when", ""), tier.texts("of"), meters(tier.map("meters"))));
    }
    Map<String, EntryForm.@Nullable QuantityForm> quantity = new LinkedHashMap<>();
    Settings quantities = entry.section("quantity");
    for (String meter : EntryForm.ROUNDED) {
      if (quantities.mapping(meter)) {
        Settings each = quantities.section(meter);
        quantity.put(
            meter,
            new EntryForm.QuantityForm(
                (long) each.integer("min", 0, 0, 1_000_000),
                (long) each.integer("step", 0, 0, 1_000_000),
                each.text("round", "up"),
                (long) each.integer("per", 1, 1, 1_000_000)));
      }
    }
    return new EntryForm(
        entry.text("model", ""),
        entry.textOrNull("from"),
        meters(entry.map("meters")),
        tiers,
        new LinkedHashMap<>(entry.map("service")),
        new LinkedHashMap<>(entry.map("factor")),
        quantity,
        new ArrayList<>(entry.texts("free-fields")),
        tokens(entry, "context"),
        tokens(entry, "output"),
        entry.textOrNull("source"),
        entry.textOrNull("read"),
        null);
  }

  private static @Nullable Long tokens(Settings entry, String key) {
    int tokens = entry.integer(key, 0, 0, 1_000_000_000);
    return tokens == 0 ? null : (long) tokens;
  }

  private static Map<String, @Nullable JsonNode> meters(Map<String, String> texts) {
    Map<String, @Nullable JsonNode> meters = new LinkedHashMap<>();
    texts.forEach((name, text) -> meters.put(name, TextNode.valueOf(text)));
    return meters;
  }
}
